// SPDX-License-Identifier: MPL-2.0
// Defines how a user is written as a line of a registry file.

#ifndef USER_CHK_SOURCE_RECORD_LINE_H
#define USER_CHK_SOURCE_RECORD_LINE_H

#include <user.h>

#include <string>
#include <string_view>

namespace user_chk {

/// @brief Writes a user as a line of a registry file, without its end.
///
/// RecordParser reads the same user from it, byte by byte, if no attribute is named `type` or `id` or has no
/// name.
///
/// @param id who it is
/// @param attributes the user's, written in the order of their names
std::string recordLine(const UserId& id, const PropertyMap& attributes);

/// @brief Appends a text as a JSON string. Bytes beyond ASCII stay as they are.
void appendJsonString(std::string& json, std::string_view text);

} // namespace user_chk

#endif // USER_CHK_SOURCE_RECORD_LINE_H
