// SPDX-License-Identifier: MPL-2.0
// Formats the members of an answer for people.

#ifndef USER_CHK_PROGRAM_DESCRIPTION_H
#define USER_CHK_PROGRAM_DESCRIPTION_H

#include <program/table.h>

#include <cc/data.h>

#include <string>

namespace user_chk::program {

/// @brief Returns a value in words: list items are separated by commas, an id is `HW_ADDR=0c:0e:0a:01:ff:04`,
/// and the other members of a map are shown with their names.
std::string inWords(const isc::data::ConstElementPtr& value);

/// @brief Adds a row for a member of an answer; a list of maps gets one row for each map.
///
/// @param table a table with two columns
/// @param name the name of the member
/// @param value the value of the member
void addMember(Table& table, const std::string& name, const isc::data::ConstElementPtr& value);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_DESCRIPTION_H
