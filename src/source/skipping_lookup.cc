// SPDX-License-Identifier: MPL-2.0
// Implements skippingLookup().

#include <source/skipping_lookup.h>

#include <registry/user_table.h>
#include <source/record_reader.h>
#include <system/utf8.h>
#include <user_file.h>

#include <string_view>
#include <utility>

namespace user_chk {

namespace {

bool isOf(const Record* record, const UserId& id) {
    return record != nullptr && record->type == id.getType() && record->id == id.getId();
}

// Takes the record of a line, if it is the user's; throws what is wrong with it.
bool take(UserTable& table, RecordReader& reader, const UserId& id) {
    const Record* record = nullptr;
    try {
        record = &reader.record();
        if (!isOf(record, id)) {
            return false;
        }
        if (!table.add(record->type, record->id, record->attributes)) {
            isc_throw(UserFileError, "duplicate user: " << id);
        }
        return true;
    } catch (const isc::Exception&) {
        if (isOf(record != nullptr ? record : reader.idOfBadRecord(), id) || reader.isNoText()) {
            throw;
        }
        return false;
    }
}

} // namespace

RegistryEditor::Lookup skippingLookup(std::string path, AttributeReader attributes) {
    return [path = std::move(path), attributes = std::move(attributes)](const std::string& text,
                                                                        const UserId& id) {
        const std::string padded = text + std::string(RecordParser::PADDING, '\n');
        UserTable table(attributes);
        size_t line = 0;
        RecordReader reader;
        reader.begin(std::string_view(padded).substr(0, text.size()));
        while (reader.next()) {
            try {
                line = take(table, reader, id) ? reader.line() : line;
            } catch (const isc::Exception& ex) {
                isc_throw(UserFileError, path << ":" << reader.line() << ": " << printable(ex.what()));
            }
        }
        return std::make_optional(line);
    };
}

} // namespace user_chk
