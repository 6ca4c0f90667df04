// SPDX-License-Identifier: MPL-2.0
// Makes texts of any origin safe to show on a terminal.

#ifndef USER_CHK_PROGRAM_TERMINAL_TEXT_H
#define USER_CHK_PROGRAM_TERMINAL_TEXT_H

#include <cstddef>
#include <string>
#include <string_view>

namespace user_chk::program {

/// @brief Returns a text that a terminal shows literally: whatever would control the terminal is escaped.
///
/// A client chooses its host name, and could use it to move the cursor, set the window's title or overwrite
/// other lines. Control characters (C0, DEL, C1) and bytes that are not UTF-8 become `\x1b` and the like.
/// Characters that change the writing direction, or end a line, become `\u202e` and the like.
std::string shown(std::string_view text);

/// @brief Returns the number of characters in a UTF-8 text.
size_t lengthInCharacters(std::string_view text);

/// @brief Returns a text as one word of a shell, quoted if necessary.
std::string shellWord(const std::string& text);

/// @brief Prints a line on standard error.
///
/// @param text shown() makes it harmless
void tell(const std::string& text);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_TERMINAL_TEXT_H
