// SPDX-License-Identifier: MPL-2.0
// Writes values of Kea's JSON.

#ifndef USER_CHK_PROGRAM_JSON_TEXT_H
#define USER_CHK_PROGRAM_JSON_TEXT_H

#include <cc/data.h>

#include <string>

namespace user_chk::program {

/// @brief Returns a value as JSON on one line.
///
/// Kea's own form escapes each byte of a character beyond ASCII, and other readers take these escapes for
/// separate characters.
std::string jsonOf(const isc::data::ConstElementPtr& value);

/// @brief Returns what a value says, in UTF-8: a string without quotes, anything else as JSON; an empty text
/// for a null pointer.
std::string elementText(const isc::data::ConstElementPtr& value);

/// @brief Same as above, for a member of a map.
std::string elementText(const isc::data::ConstElementPtr& map, const std::string& name);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_JSON_TEXT_H
