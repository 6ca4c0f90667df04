// SPDX-License-Identifier: MPL-2.0
// Implements `export`, which writes a registry in formats of other programs.

#include <program/calls.h>

#include <program/exported.h>
#include <program/given_text.h>

#include <source/record_reader.h>
#include <system/utf8.h>

#include <CLI/CLI.hpp>

#include <exceptions/exceptions.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace user_chk::program {

namespace {

struct ToExport {
    std::string to;
    std::string file = STANDARD_INPUT;
};

// What was not exported, by line.
typedef std::multimap<size_t, std::string> Remarks;

std::vector<RegistryRecord> recordsOf(std::string text, Remarks& remarks) {
    const size_t length = text.size();
    text.append(RecordParser::PADDING, '\n');
    RecordReader reader;
    reader.begin(std::string_view(text).substr(0, length));
    std::vector<RegistryRecord> records;
    while (reader.next()) {
        try {
            const Record& record = reader.record();
            records.push_back({reader.line(), record.userId(), userOf(record)->getProperties()});
        } catch (const isc::Exception& ex) {
            remarks.emplace(reader.line(), std::string("not carried over: ") + ex.what());
        }
    }
    return records;
}

const std::map<std::string, Exporter>& exporters() {
    static const std::map<std::string, Exporter> EXPORTERS = {{"csv", exportCsv}, {"kea", exportKea}};
    return EXPORTERS;
}

Exit exportTo(const ToExport& given) {
    Remarks remarks;
    const std::vector<RegistryRecord> records = recordsOf(readGivenText(given.file), remarks);
    exporters().at(given.to)(records, std::cout,
                             [&](size_t line, const std::string& reason) { remarks.emplace(line, reason); });
    finishOutput();
    for (const auto& [line, reason] : remarks) {
        std::cerr << given.file << ':' << line << ": " << printable(reason) << '\n';
    }
    return remarks.empty() ? Exit::DONE : Exit::FOUND;
}

} // namespace

void addExport(CLI::App& program, Context& context) {
    CLI::App* call = program.add_subcommand("export", "Convert a registry to a table or to Kea reservations");
    const auto given = std::make_shared<ToExport>();
    call->add_option("--to", given->to, "The output format: csv (a table) or kea (reservations)")
        ->required()
        ->check(CLI::IsMember({"csv", "kea"}));
    call->add_option("FILE", given->file, "The registry; standard input if it is - or left out");
    call->callback([given, &context] { context.exit = exportTo(*given); });
}

} // namespace user_chk::program
