// SPDX-License-Identifier: MPL-2.0
// Defines RecordReader, which iterates over the lines of a registry file.

#ifndef USER_CHK_SOURCE_RECORD_READER_H
#define USER_CHK_SOURCE_RECORD_READER_H

#include <source/record_parser.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace user_chk {

/// @brief Reads records from whole lines of a registry file. Not thread-safe.
///
/// A line is a JSON object (RFC 8259) whose members are all strings: `type` (see UserId::lookupType()), `id`
/// (see UserId), and any others, which become attributes. Blank lines, lines that start with `#`, and a byte
/// order mark before the first line are skipped. Lines end with LF or CRLF; the last line may lack its line
/// end.
class RecordReader {
public:
    /// @brief Starts to read a text.
    ///
    /// @param text the text, followed by RecordParser::PADDING readable bytes; must stay valid
    /// @param first_line the number of its first line
    void begin(std::string_view text, size_t first_line = 1);

    /// @brief Moves to the next line that has a record, or should have one.
    ///
    /// @return false at the end.
    bool next();

    /// @brief Parses the record of the line.
    ///
    /// @return the record, valid until the next call.
    /// @throw UserFileError with the reason when the line is not a record.
    const Record& record() { return parser_.parse(text_); }

    /// @brief Returns the id of a bad line, as far as the line tells it: a @ref Record without attributes.
    ///
    /// @return a null pointer when the line does not tell it.
    const Record* idOfBadRecord() { return parser_.parseId(text_); }

    /// @brief True when the line has NUL bytes: its file is damaged, or is not a registry.
    bool isNoText() const { return text_.find('\0') != std::string_view::npos; }

    /// @brief Returns the line, without its line end.
    std::string_view text() const { return text_; }

    /// @brief Returns the line number.
    size_t line() const { return line_; }

    /// @brief True when a line without a line end is not a record: a program may be writing it at this
    /// moment.
    ///
    /// @param line the last line of the content, empty when it has its line end
    static bool lacksLineEnd(const std::string& line);

    /// @brief True when a line, without its line end, is blank or a comment.
    static bool isPassedOver(std::string_view line);

private:
    RecordParser parser_;
    std::string_view rest_;
    std::string_view text_;
    size_t line_ = 0;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_RECORD_READER_H
