// SPDX-License-Identifier: MPL-2.0
// Declares how texts that anybody may have made are shown to people, so that they do nothing to a terminal.

#ifndef USER_CHK_PROGRAM_TERMINAL_TEXT_H
#define USER_CHK_PROGRAM_TERMINAL_TEXT_H

#include <cstddef>
#include <string>
#include <string_view>

namespace user_chk::program {

/// @brief A text that a terminal shows as it is: what would control the terminal is written as an escape.
///
/// A client chooses its host name, and could have it move the cursor, set the window's title or write over
/// other lines. Control characters (C0, DEL, C1) and bytes that are no UTF-8 become `\x1b`; characters that
/// turn the direction of writing, or end a line, become `\u202e`.
std::string shown(std::string_view text);

/// @brief How many characters a text in UTF-8 has.
size_t lengthInCharacters(std::string_view text);

/// @brief A text as one word of a shell, in quotes where it needs them.
std::string shellWord(const std::string& text);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_TERMINAL_TEXT_H
