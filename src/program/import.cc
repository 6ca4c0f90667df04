// SPDX-License-Identifier: MPL-2.0
// Implements `import`, which converts files of other programs to records of a registry.

#include <program/calls.h>

#include <program/given_text.h>
#include <program/imported_record.h>

#include <system/utf8.h>

#include <CLI/CLI.hpp>

#include <exceptions/exceptions.h>

#include <iostream>
#include <map>
#include <memory>
#include <string>

namespace user_chk::program {

namespace {

struct ToImport {
    std::string from;
    std::string file = STANDARD_INPUT;
};

const std::map<std::string, Importer>& importers() {
    static const std::map<std::string, Importer> IMPORTERS = {
        {"csv", importCsv}, {"dhcpd", importDhcpd}, {"dnsmasq", importDnsmasq}, {"kea", importKea}};
    return IMPORTERS;
}

void read(const ToImport& given, Import& import) {
    const std::string text = readGivenText(given.file);
    try {
        importers().at(given.from)(text, import);
    } catch (const isc::Exception& ex) {
        isc_throw(isc::BadValue, given.file << ": " << printable(ex.what()));
    }
}

Exit importFrom(const ToImport& given) {
    Import import(given.file);
    read(given, import);
    import.writeRecords(std::cout);
    finishOutput();
    import.writeRemarks(std::cerr);
    return import.isComplete() ? Exit::DONE : Exit::FOUND;
}

} // namespace

void addImport(CLI::App& program, Context& context) {
    CLI::App* call =
        program.add_subcommand("import", "Convert the file of another program to records of a registry");
    const auto given = std::make_shared<ToImport>();
    call->add_option("--from", given->from, "The input format: dnsmasq, dhcpd, kea or csv (a table)")
        ->required()
        ->check(CLI::IsMember({"dnsmasq", "dhcpd", "kea", "csv"}));
    call->add_option("FILE", given->file, "The file; standard input if it is - or left out");
    call->callback([given, &context] { context.exit = importFrom(*given); });
}

} // namespace user_chk::program
