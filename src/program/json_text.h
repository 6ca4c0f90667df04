// SPDX-License-Identifier: MPL-2.0
// Declares how values of Kea's JSON are written, and how their texts are had.

#ifndef USER_CHK_PROGRAM_JSON_TEXT_H
#define USER_CHK_PROGRAM_JSON_TEXT_H

#include <cc/data.h>

#include <string>

namespace user_chk::program {

/// @brief A value as JSON in one line.
///
/// Kea's own form makes an escape of each byte of a character beyond ASCII, which other readers take for as
/// many characters.
std::string jsonOf(const isc::data::ConstElementPtr& value);

/// @brief What a value says, in UTF-8: a text without quotes, anything else as JSON; nothing for a null
/// pointer.
std::string elementText(const isc::data::ConstElementPtr& value);

/// @brief The same of a member of a map.
std::string elementText(const isc::data::ConstElementPtr& map, const std::string& name);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_JSON_TEXT_H
