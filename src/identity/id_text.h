// SPDX-License-Identifier: MPL-2.0
// Converts identifiers from and to the text form of registry files.

#ifndef USER_CHK_IDENTITY_ID_TEXT_H
#define USER_CHK_IDENTITY_ID_TEXT_H

#include <identity/id_tag.h>
#include <user.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk {

/// @brief Parses an id.
///
/// The text is hex digits in either case: pairs with nothing, `:` or `-` between the bytes, or groups of four
/// digits with `.` between them. An id may not mix separators. Only colons may be missing between some of the
/// bytes, as stock allows. The text may also be a string in single quotes without a quote in it; it stands
/// for the bytes of that string.
///
/// A `*` at the end makes it a prefix; a separator may stand before the `*`. `random` stands for all locally
/// administered hardware addresses.
///
/// @param type the type of the id
/// @param text the text
/// @param bytes replaced by the bytes; left empty when the text, or the string in quotes, is blank
/// @return how the id is compared with those of clients.
/// @throw isc::BadValue when the text has any other form.
UserId::Kind parseId(UserId::UserIdType type, std::string_view text, std::vector<uint8_t>& bytes);

/// @brief Appends an id in a form that parseId() reads: hex digits, followed by `*` for a prefix; or
/// `random`.
///
/// @param text the text to append to
/// @param tag the type and kind of the id
/// @param bytes the bytes of the id
/// @param delim goes between the bytes, and before the `*`, unless it is 0
void appendIdText(std::string& text, IdTag tag, const std::vector<uint8_t>& bytes, char delim);

/// @brief Writes bytes as lower-case hex digits, with @c delim between bytes unless it is 0.
///
/// @param to room for three characters for each byte
/// @return the end of what was written.
char* writeId(const std::vector<uint8_t>& bytes, char delim, char* to);

/// @brief Appends what writeId() writes.
void appendId(std::string& text, const std::vector<uint8_t>& bytes, char delim);

/// @brief Returns an id with its type, as messages show it: `HW_ADDR=0c0e0a01ff06`.
std::string textOf(const UserId& id);

} // namespace user_chk

#endif // USER_CHK_IDENTITY_ID_TEXT_H
