// SPDX-License-Identifier: MPL-2.0
// Declares the reading of bytes in hex digits, in any notation that people and programs write.

#ifndef USER_CHK_PROGRAM_HEX_NOTATION_H
#define USER_CHK_PROGRAM_HEX_NOTATION_H

#include <user.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk::program {

/// @brief Reads bytes in hex digits.
///
/// One separator of `:`, `-`, `.` and a blank stands between bytes, whose first digit may be left out if it
/// is 0 (`0:c:29:ab:1:2`), or between groups of as many whole bytes (`0c29.ab01.0203`, `0c29ab-010203`); or
/// there is none. `0x` may stand before them.
///
/// @return none where the text is anything else, or blank.
std::optional<std::vector<uint8_t>> readHex(std::string_view text);

/// @brief Bytes as hex digits behind `0x`, as the values of options have them.
std::string writtenAsHex(const std::vector<uint8_t>& bytes);

/// @brief The bytes of a text.
std::vector<uint8_t> bytesOf(std::string_view text);

/// @brief Reads an id as a record has it, or in any notation that readHex() reads.
///
/// @throw isc::BadValue when it is neither, with the reason against the former.
UserId readId(UserId::UserIdType type, const std::string& text);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_HEX_NOTATION_H
