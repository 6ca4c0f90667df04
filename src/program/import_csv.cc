// SPDX-License-Identifier: MPL-2.0
// Implements the import of tables: values separated by commas, semicolons or tabs (RFC 4180).

#include <program/hex_notation.h>
#include <program/imported_record.h>

#include <config/identifier_settings.h>

#include <exceptions/exceptions.h>

#include <boost/algorithm/string.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace user_chk::program {

namespace {

constexpr std::string_view SEPARATORS = ",;\t";

// A row, which may span several lines.
struct Row {
    size_t line = 0;
    std::vector<std::string> cells;
    std::string error; // why it cannot be read, empty if it can

    bool isBlank() const {
        return error.empty() &&
               std::all_of(cells.begin(), cells.end(), [](const std::string& cell) { return cell.empty(); });
    }
};

// Iterates over the rows of a table. Blanks around an unquoted cell are ignored.
class Rows {
public:
    Rows(std::string_view text, char separator) : text_(text), separator_(separator) {}

    bool next(Row& row) {
        if (at_ >= text_.size()) {
            return false;
        }
        row = Row();
        row.line = line_;
        do {
            row.cells.push_back(isAt('"') ? quoted(row) : plain());
        } while (take(separator_));
        take('\r');
        take('\n');
        return true;
    }

private:
    bool isAt(char c) const { return at_ < text_.size() && text_[at_] == c; }

    bool take(char c) {
        const bool is_there = isAt(c);
        at_ += is_there ? 1 : 0;
        line_ += is_there && c == '\n' ? 1 : 0;
        return is_there;
    }

    bool isAtEnd() const {
        return at_ >= text_.size() || isAt(separator_) || isAt('\n') || text_.substr(at_, 2) == "\r\n";
    }

    std::string plain() {
        const size_t begin = at_;
        while (!isAtEnd()) {
            ++at_;
        }
        return boost::trim_copy(std::string(text_.substr(begin, at_ - begin)));
    }

    std::string quoted(Row& row) {
        std::string cell;
        take('"');
        for (bool is_open = true; is_open;) {
            const size_t end = std::min(text_.find('"', at_), text_.size());
            const std::string_view part = text_.substr(at_, end - at_);
            cell.append(part);
            line_ += static_cast<size_t>(std::count(part.begin(), part.end(), '\n'));
            at_ = end;
            if (!take('"')) {
                row.error = "a quote is not closed, nothing after it is carried over";
                return cell;
            }
            is_open = take('"');
            cell.append(is_open ? 1 : 0, '"');
        }
        if (!isAtEnd()) {
            row.error = "'" + plain() + "' follows the quote that ends a cell";
        }
        return cell;
    }

    const std::string_view text_;
    const char separator_;
    size_t at_ = 0;
    size_t line_ = 1;
};

// Guesses the separator: the one that is most frequent in the first line, outside of quotes.
char separatorOf(std::string_view text) {
    std::map<char, size_t> counts;
    bool is_quoted = false;
    for (const char c : text.substr(0, text.find('\n'))) {
        is_quoted = is_quoted != (c == '"');
        counts[c] += is_quoted ? 0 : 1;
    }
    return *std::max_element(SEPARATORS.begin(), SEPARATORS.end(),
                             [&](char one, char other) { return counts[one] < counts[other]; });
}

// Removes a line that tells Excel the separator.
std::optional<char> takeSeparatorLine(std::string_view& text) {
    if (!boost::istarts_with(text, "sep=") || text.size() < 5) {
        return std::nullopt;
    }
    const char separator = text[4];
    const std::string_view rest = text.substr(5);
    const size_t skipped = boost::starts_with(rest, "\r\n") ? 2 : boost::starts_with(rest, "\n") ? 1 : 0;
    if (skipped == 0) {
        return std::nullopt;
    }
    text = rest.substr(skipped);
    return separator;
}

// Normalizes the name of a column of identifiers: "MAC Address" and "mac_address" become "mac-address".
std::string wordOf(const std::string& name) {
    std::string word = boost::to_lower_copy(name);
    std::replace_if(
        word.begin(), word.end(), [](char c) { return c == ' ' || c == '_'; }, '-');
    return word;
}

// Returns the type that a name denotes: as in the parameter `identifiers`, as in a record, or a common name.
std::optional<UserId::UserIdType> typeNamed(const std::string& name) {
    static const std::set<std::string> HARDWARE = {
        "mac",    "mac-address", "macaddress", "mac-addr",         "hw-addr",         "hardware-address",
        "hwaddr", "hwaddress",   "ethernet",   "ethernet-address", "physical-address"};
    const std::string word = wordOf(name);
    for (size_t number = 0; number < UserId::TYPES; ++number) {
        const auto type = static_cast<UserId::UserIdType>(number);
        if (word == identifierName(type) || word == wordOf(UserId::lookupTypeStr(type))) {
            return type;
        }
    }
    if (word == "client-identifier") {
        return UserId::CLIENT_ID;
    }
    return HARDWARE.count(word) != 0 ? std::make_optional(UserId::HW_ADDRESS) : std::nullopt;
}

// The meaning of the columns. If there are `type` and `id`, all others are attributes, whatever their names.
class Columns {
public:
    Columns(const Row& head, Import& import) : names_(head.cells) {
        type_ = find("type");
        id_ = find("id");
        if (!type_ || !id_) {
            for (size_t column = 0; column < names_.size(); ++column) {
                if (const auto type = typeNamed(names_[column])) {
                    ids_[column] = *type;
                }
            }
            leaveOutAlone(type_, head.line, import);
            leaveOutAlone(id_, head.line, import);
        }
        check(head);
    }

    // Creates a record from a row. Throws isc::BadValue when it has no identifier.
    ImportedRecord read(const Row& row, Import& import) const {
        ImportedRecord record;
        record.line = row.line;
        addIds(row, record);
        if (record.ids.empty()) {
            isc_throw(isc::BadValue, "there is no identifier");
        }
        for (size_t column = 0; column < row.cells.size(); ++column) {
            const std::string& cell = row.cells[column];
            const std::string name = column < names_.size() ? names_[column] : std::string();
            if (cell.empty() || column == type_ || column == id_ || ids_.count(column) != 0) {
                continue;
            }
            if (name.empty()) {
                import.leaveOut(row.line, "'" + cell + "' is left out: its column has no name");
            } else {
                record.attributes[name] = {cell, row.line};
            }
        }
        return record;
    }

private:
    // Finds a column by name; an exact match has precedence over one in another case.
    std::optional<size_t> find(const std::string& name) const {
        auto found = std::find(names_.begin(), names_.end(), name);
        if (found == names_.end()) {
            found = std::find_if(names_.begin(), names_.end(),
                                 [&](const std::string& one) { return boost::iequals(one, name); });
        }
        return found == names_.end() ? std::nullopt
                                     : std::make_optional(static_cast<size_t>(found - names_.begin()));
    }

    // An inventory may have one of the two columns with a different meaning.
    void leaveOutAlone(std::optional<size_t> column, size_t line, Import& import) const {
        if (column) {
            import.leaveOut(line, "the column " + names_[*column] +
                                      " is left out: no attribute has that name, and an identifier needs "
                                      "both columns, type and id");
        }
    }

    void check(const Row& head) const {
        if (!head.error.empty()) {
            isc_throw(isc::BadValue, "line " << head.line << ": " << head.error);
        }
        if ((!type_ || !id_) && ids_.empty()) {
            isc_throw(isc::BadValue, "line " << head.line
                                             << " must name the columns: type and id, or one or more of "
                                                "hw-address, mac, duid, client-id, circuit-id, interface-id, "
                                                "remote-id, subscriber-id, flex-id");
        }
        std::set<std::string> met;
        for (const std::string& name : names_) {
            if (!name.empty() && !met.insert(name).second) {
                isc_throw(isc::BadValue, "line " << head.line << ": the column " << name << " occurs twice");
            }
        }
    }

    void addIds(const Row& row, ImportedRecord& record) const {
        const auto cellOf = [&](size_t column) {
            return column < row.cells.size() ? boost::trim_copy(row.cells[column]) : std::string();
        };
        if (type_ && id_ && !cellOf(*id_).empty()) {
            const auto type = typeNamed(cellOf(*type_));
            record.addId(readId(type ? *type : UserId::lookupType(cellOf(*type_)), cellOf(*id_)));
        }
        for (const auto& [column, type] : ids_) {
            if (!cellOf(column).empty()) {
                record.addId(readId(type, cellOf(column)));
            }
        }
    }

    const std::vector<std::string> names_;
    std::optional<size_t> type_;
    std::optional<size_t> id_;
    std::map<size_t, UserId::UserIdType> ids_; // by column
};

} // namespace

void importCsv(const std::string& text, Import& import) {
    std::string_view rest = text;
    const auto separator = takeSeparatorLine(rest);
    const size_t skipped = separator ? 1 : 0;
    Rows rows(rest, separator ? *separator : separatorOf(rest));
    Row row;
    if (!rows.next(row)) {
        isc_throw(isc::BadValue, "the table is empty, its first line must name the columns");
    }
    row.line += skipped;
    const Columns columns(row, import);
    while (rows.next(row)) {
        row.line += skipped;
        try {
            if (!row.error.empty()) {
                isc_throw(isc::BadValue, row.error);
            }
            if (!row.isBlank()) {
                import.take(columns.read(row, import));
            }
        } catch (const isc::Exception& ex) {
            import.leaveOut(row.line, std::string("not carried over: ") + ex.what());
        }
    }
}

} // namespace user_chk::program
