// SPDX-License-Identifier: MPL-2.0
// Implements lacksLineEnd().

#include <source/line_end.h>

#include <source/record_reader.h>
#include <user_file.h>

namespace user_chk {

bool lacksLineEnd(const std::string& line) {
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

} // namespace user_chk
