// SPDX-License-Identifier: MPL-2.0
// Defines the text form of identifiers, as registry files have it.

#ifndef USER_CHK_IDENTITY_ID_TEXT_H
#define USER_CHK_IDENTITY_ID_TEXT_H

#include <identity/id_tag.h>
#include <user.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk {

/// @brief Reads an id.
///
/// It is hex digits in either case: pairs with nothing, `:` or `-` between bytes, or groups of four with `.`
/// between them. One id has one kind of separator. Only colons may be left out between some of its bytes, as
/// for stock. Or it is a text in single quotes, which stands for its bytes and has no such quote in it.
///
/// With a `*` at the end it is a prefix; before that a separator may stand, but need not. And `random` stands
/// for all made-up hardware addresses.
///
/// @param type what the id is
/// @param text what to read
/// @param bytes replaced by the bytes; none for a blank text or a blank one in quotes
/// @return how it is compared with those of clients.
/// @throw isc::BadValue when the text is anything else.
UserId::Kind parseId(UserId::UserIdType type, std::string_view text, std::vector<uint8_t>& bytes);

/// @brief Appends an id, in a form that parseId() reads: hex digits, with `*` behind those of a prefix; or
/// `random`.
///
/// @param text what to append to
/// @param tag what the id is
/// @param bytes its bytes
/// @param delim stands between bytes, and before the `*`, unless it is 0
void appendIdText(std::string& text, IdTag tag, const std::vector<uint8_t>& bytes, char delim);

/// @brief Appends bytes as lower-case hex digits, with @c delim between bytes unless it is 0.
void appendId(std::string& text, const std::vector<uint8_t>& bytes, char delim);

/// @brief An id with its type, as messages have it: `HW_ADDR=0c0e0a01ff06`.
std::string textOf(const UserId& id);

} // namespace user_chk

#endif // USER_CHK_IDENTITY_ID_TEXT_H
