// SPDX-License-Identifier: MPL-2.0
// Defines RecordReader, which goes through the lines of a registry file.

#ifndef USER_CHK_SOURCE_RECORD_READER_H
#define USER_CHK_SOURCE_RECORD_READER_H

#include <source/record_parser.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace user_chk {

/// @brief Reads records from whole lines of a registry file. For one thread at a time.
///
/// A line is a JSON object (RFC 8259) whose members are all strings: `type` (see UserId::lookupType()), `id`
/// (see UserId), and any others, which become attributes. Blank lines and lines that start with `#` are
/// passed over, and so is a byte order mark before the first line; a line ends with LF or CRLF, the last may
/// end with the text.
class RecordReader {
public:
    /// @brief Begins to read a text.
    ///
    /// @param text the text, RecordParser::PADDING readable bytes behind it; it must stay
    /// @param first_line the number of its first line
    void begin(std::string_view text, size_t first_line = 1);

    /// @brief Goes to the next line that has a record, or should have one.
    ///
    /// @return false when there is none any more.
    bool next();

    /// @brief Reads the record of the line.
    ///
    /// @return the record, good until the next call.
    /// @throw UserFileError with the reason when the line is no record.
    const Record& record() { return parser_.parse(text_); }

    /// @brief The id of a line that is no record, as far as it can be told: in @ref Record, without
    /// attributes.
    ///
    /// @return a null pointer when it cannot be told.
    const Record* idOfBadRecord() { return parser_.parseId(text_); }

    /// @brief True when the line has bytes of 0: then it is of a file that was damaged, or is no registry.
    bool isNoText() const { return text_.find('\0') != std::string_view::npos; }

    /// @brief The line, without its end.
    std::string_view text() const { return text_; }

    /// @brief Its number.
    size_t line() const { return line_; }

    /// @brief True when a line that has no end is no record: a program may be in the middle of writing it.
    ///
    /// @param line the last line of a content, empty when that has its end
    static bool lacksLineEnd(const std::string& line);

    /// @brief True when a line, its end not counted, is blank or a comment.
    static bool isPassedOver(std::string_view line);

private:
    RecordParser parser_;
    std::string_view rest_;
    std::string_view text_;
    size_t line_ = 0;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_RECORD_READER_H
