// SPDX-License-Identifier: MPL-2.0
// Defines the text form of identifiers, as registry files have it.

#ifndef USER_CHK_IDENTITY_ID_TEXT_H
#define USER_CHK_IDENTITY_ID_TEXT_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk {

/// @brief Reads hex digits in either case: pairs with nothing, `:` or `-` between bytes, or groups of four
/// with
/// `.` between them.
///
/// One id has one kind of separator. Only colons may be left out between some of its bytes, as for stock.
///
/// @param text what to read
/// @param bytes replaced by the bytes; none for a blank text
/// @throw isc::BadValue when the text is anything else.
void parseId(std::string_view text, std::vector<uint8_t>& bytes);

/// @brief Appends bytes as lower-case hex digits, with @c delim between bytes unless it is 0.
void appendId(std::string& text, const std::vector<uint8_t>& bytes, char delim);

} // namespace user_chk

#endif // USER_CHK_IDENTITY_ID_TEXT_H
