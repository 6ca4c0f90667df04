// SPDX-License-Identifier: MPL-2.0
// Reads input text, iterates over its lines, and completes the program's output.

#ifndef USER_CHK_PROGRAM_GIVEN_TEXT_H
#define USER_CHK_PROGRAM_GIVEN_TEXT_H

#include <cstddef>
#include <string>
#include <string_view>

namespace user_chk::program {

/// @brief Stands for standard input instead of a file name.
inline constexpr const char* STANDARD_INPUT = "-";

/// @brief Reads a text as UTF-8. UTF-16, as Windows may write it, is converted; a byte order mark is removed.
///
/// @param file the name of the file, or STANDARD_INPUT
/// @throw isc::BadValue when it cannot be read, or is invalid UTF-16.
std::string readGivenText(const std::string& file);

/// @brief Flushes standard output.
///
/// @throw isc::BadValue when not everything could be written, such as on a full disk.
void finishOutput();

/// @brief Iterates over the lines of a text. They end with LF or CRLF; the last line may lack its line end.
class Lines {
public:
    /// @brief Starts before the first line.
    ///
    /// @param text the text; must stay valid
    explicit Lines(std::string_view text) : rest_(text) {}

    /// @brief Moves to the next line.
    ///
    /// @return false at the end.
    bool next();

    /// @brief Returns the line, without its line end.
    std::string_view text() const { return text_; }

    /// @brief Returns the line number.
    size_t number() const { return number_; }

private:
    std::string_view rest_;
    std::string_view text_;
    size_t number_ = 0;
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_GIVEN_TEXT_H
