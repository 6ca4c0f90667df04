// SPDX-License-Identifier: MPL-2.0
// Implements the export of a registry as a table (RFC 4180).

#include <program/exported.h>

#include <registry/other_ids.h>

#include <set>
#include <string_view>

namespace user_chk::program {

namespace {

// Quotes a cell that a program might misread, or strip of blanks.
std::string cellOf(const std::string& text) {
    constexpr std::string_view BLANKS = " \t\v\f";
    const bool is_plain = text.find_first_of(",;\t\"\r\n") == std::string::npos &&
                          (text.empty() || (BLANKS.find(text.front()) == std::string_view::npos &&
                                            BLANKS.find(text.back()) == std::string_view::npos));
    if (is_plain) {
        return text;
    }
    std::string cell = "\"";
    for (const char c : text) {
        cell.append(c == '"' ? 2 : 1, c);
    }
    return cell + '"';
}

// Returns the names of all attributes. `other-ids` comes first, next to the identifier.
std::vector<std::string> columnsOf(const std::vector<RegistryRecord>& records) {
    std::set<std::string> names;
    for (const RegistryRecord& record : records) {
        for (const auto& attribute : record.attributes) {
            names.insert(attribute.first);
        }
    }
    std::vector<std::string> columns;
    if (names.erase(OTHER_IDS) != 0) {
        columns.emplace_back(OTHER_IDS);
    }
    columns.insert(columns.end(), names.begin(), names.end());
    return columns;
}

} // namespace

void exportCsv(const std::vector<RegistryRecord>& records, std::ostream& out, const LeaveOut& leave_out) {
    const std::vector<std::string> columns = columnsOf(records);
    out << "type,id";
    for (const std::string& name : columns) {
        out << ',' << cellOf(name);
    }
    out << "\r\n";
    for (const RegistryRecord& record : records) {
        out << UserId::lookupTypeStr(record.id.getType()) << ',' << record.id.toText(':');
        for (const std::string& name : columns) {
            const auto value = record.attributes.find(name);
            const bool has = value != record.attributes.end();
            out << ',' << (has ? cellOf(value->second) : "");
            if (has && value->second.empty()) {
                leave_out(record.line, name + " is left out: it is empty, which a table cannot express");
            }
        }
        out << "\r\n";
    }
}

} // namespace user_chk::program
