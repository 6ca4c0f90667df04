// SPDX-License-Identifier: MPL-2.0
// Writes a user as a line of a registry file.

#ifndef USER_CHK_SOURCE_RECORD_LINE_H
#define USER_CHK_SOURCE_RECORD_LINE_H

#include <user.h>

#include <string>
#include <string_view>

namespace user_chk {

/// @brief Returns a user as a line of a registry file, without the line end.
///
/// RecordParser reads exactly the same user from it, unless an attribute has an empty name or is named `type`
/// or `id`.
///
/// @param id the user's id
/// @param attributes the user's attributes, written in the order of their names
std::string recordLine(const UserId& id, const PropertyMap& attributes);

/// @brief Appends a text as a JSON string. Bytes beyond ASCII are kept.
void appendJsonString(std::string& json, std::string_view text);

} // namespace user_chk

#endif // USER_CHK_SOURCE_RECORD_LINE_H
