// SPDX-License-Identifier: MPL-2.0
// Implements the wording of errors.

#include <source/record_error.h>

#include <system/utf8.h>

namespace user_chk {

namespace {

bool startsWith(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start;
}

// Whether a line is meant to be more, or something else, than one JSON object.
bool hasAnotherForm(std::string_view line, const std::string& reason) {
    const size_t first = line.find_first_not_of(" \t");
    const bool is_comment = first != std::string_view::npos && (line[first] == '#' || line[first] == '/');
    return is_comment || startsWith(reason, "Extra data");
}

} // namespace

std::string recordError(std::string_view line, const std::string& reason) {
    if (!byteOrderMark(line).empty()) {
        return "starts with a byte order mark, which may stand at the start of a file only";
    }
    const size_t nul = line.find('\0');
    if (nul != std::string_view::npos) {
        return "NUL byte at column " + std::to_string(nul + 1) + ", must be text";
    }
    const std::string text = printable(reason);
    return hasAnotherForm(line, reason)
               ? text + ", must be one JSON object a line; a comment line starts with # in its first column"
               : text;
}

} // namespace user_chk
