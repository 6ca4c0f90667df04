// SPDX-License-Identifier: MPL-2.0
// Implements the writing of a user as a line of a registry file.

#include <source/record_line.h>

namespace user_chk {

namespace {

void appendByteEscape(std::string& line, unsigned char byte) {
    static const char DIGITS[] = "0123456789abcdef";
    line += "\\u00";
    line += DIGITS[byte >> 4];
    line += DIGITS[byte & 0x0f];
}

// Bytes beyond ASCII are kept, since an escape denotes a character, not a byte.
void appendEscaped(std::string& line, char c) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
    case '"':
    case '\\':
        line += '\\';
        line += c;
        return;
    case '\n':
        line += "\\n";
        return;
    case '\r':
        line += "\\r";
        return;
    case '\t':
        line += "\\t";
        return;
    default:
        if (byte < 0x20) {
            appendByteEscape(line, byte);
        } else {
            line += c;
        }
    }
}

void appendMember(std::string& line, std::string_view name, std::string_view value) {
    appendJsonString(line, name);
    line += " : ";
    appendJsonString(line, value);
}

} // namespace

void appendJsonString(std::string& json, std::string_view text) {
    json += '"';
    for (const char c : text) {
        appendEscaped(json, c);
    }
    json += '"';
}

std::string recordLine(const UserId& id, const PropertyMap& attributes) {
    std::string line = "{ ";
    appendMember(line, "type", UserId::lookupTypeStr(id.getType()));
    line += ", ";
    appendMember(line, "id", id.toText(':'));
    for (const auto& [name, value] : attributes) {
        line += ", ";
        appendMember(line, name, value);
    }
    return line + " }";
}

} // namespace user_chk
