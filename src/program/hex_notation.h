// SPDX-License-Identifier: MPL-2.0
// Parses bytes in hex digits, in any notation that people and programs use.

#ifndef USER_CHK_PROGRAM_HEX_NOTATION_H
#define USER_CHK_PROGRAM_HEX_NOTATION_H

#include <user.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk::program {

/// @brief Parses bytes in hex digits.
///
/// The bytes may be separated by `:`, `-`, `.` or a blank, and then a leading 0 of a byte may be omitted
/// (`0:c:29:ab:1:2`). The separator may also stand between groups with equal numbers of whole bytes
/// (`0c29.ab01.0203`, `0c29ab-010203`), or be omitted. `0x` may precede the digits. Only one kind of
/// separator may be used.
///
/// @return none when the text is anything else, or blank.
std::optional<std::vector<uint8_t>> readHex(std::string_view text);

/// @brief Returns bytes as hex digits after `0x`, as in the values of options.
std::string writtenAsHex(const std::vector<uint8_t>& bytes);

/// @brief Returns the bytes of a text.
std::vector<uint8_t> bytesOf(std::string_view text);

/// @brief Parses an id in the notation of a record, or in any notation that readHex() accepts.
///
/// @throw isc::BadValue when it is neither, with the error of the former.
UserId readId(UserId::UserIdType type, const std::string& text);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_HEX_NOTATION_H
