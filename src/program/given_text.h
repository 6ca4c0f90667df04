// SPDX-License-Identifier: MPL-2.0
// Declares how the program reads a text that it is given, goes through its lines, and ends its output.

#ifndef USER_CHK_PROGRAM_GIVEN_TEXT_H
#define USER_CHK_PROGRAM_GIVEN_TEXT_H

#include <cstddef>
#include <string>
#include <string_view>

namespace user_chk::program {

/// @brief What stands for standard input in the place of the name of a file.
inline constexpr const char* STANDARD_INPUT = "-";

/// @brief Reads a text as UTF-8. One in UTF-16, as Windows may write it, is converted; a byte order mark is
/// taken off.
///
/// @param file the name of the file, or STANDARD_INPUT
/// @throw isc::BadValue when it cannot be read, or is broken UTF-16.
std::string readGivenText(const std::string& file);

/// @brief Makes sure that what was written to standard output is there.
///
/// @throw isc::BadValue when it is not: where it leads to, there may be no room.
void finishOutput();

/// @brief Goes through the lines of a text, which end with LF or CRLF; the last may end with the text.
class Lines {
public:
    /// @brief Begins before the first line.
    ///
    /// @param text the text, which must stay
    explicit Lines(std::string_view text) : rest_(text) {}

    /// @brief Goes to the next line.
    ///
    /// @return false when there is none any more.
    bool next();

    /// @brief The line, without its end.
    std::string_view text() const { return text_; }

    /// @brief Its number.
    size_t number() const { return number_; }

private:
    std::string_view rest_;
    std::string_view text_;
    size_t number_ = 0;
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_GIVEN_TEXT_H
