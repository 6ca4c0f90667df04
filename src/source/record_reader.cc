// SPDX-License-Identifier: MPL-2.0
// Implements RecordReader.

#include <source/record_reader.h>

#include <system/utf8.h>

#include <user_file.h>

#include <algorithm>

namespace user_chk {

void RecordReader::begin(std::string_view text, size_t first_line) {
    rest_ = text;
    if (first_line == 1) {
        rest_.remove_prefix(byteOrderMark(text).size());
    }
    line_ = first_line - 1;
}

bool RecordReader::next() {
    while (!rest_.empty()) {
        const size_t end = std::min(rest_.find('\n'), rest_.size());
        text_ = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        ++line_;
        if (!text_.empty() && text_.back() == '\r') {
            text_.remove_suffix(1);
        }
        if (!isPassedOver(text_)) {
            return true;
        }
    }
    return false;
}

bool RecordReader::lacksLineEnd(const std::string& line) {
    const std::string padded = line + std::string(RecordParser::PADDING, '\n');
    RecordReader reader;
    reader.begin(std::string_view(padded).substr(0, line.size()));
    if (!reader.next()) {
        return false;
    }
    try {
        reader.record();
        return false;
    } catch (const UserFileError&) {
        return true;
    }
}

bool RecordReader::isPassedOver(std::string_view line) {
    return line.find_first_not_of(" \t\r") == std::string_view::npos || line.front() == '#';
}

} // namespace user_chk
