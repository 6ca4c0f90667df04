// SPDX-License-Identifier: MPL-2.0
// Declares how the members of an answer are shown to people, by their names.

#ifndef USER_CHK_PROGRAM_DESCRIPTION_H
#define USER_CHK_PROGRAM_DESCRIPTION_H

#include <program/table.h>

#include <cc/data.h>

#include <string>

namespace user_chk::program {

/// @brief A value in words: the parts of a list with commas between, an id as `HW_ADDR=0c:0e:0a:01:ff:04`,
/// the other members of a map by their names.
std::string inWords(const isc::data::ConstElementPtr& value);

/// @brief Adds a row for a member of an answer, or one for each part of it where it is a list of maps.
///
/// @param table has two columns
/// @param name of the member
/// @param value of the member
void addMember(Table& table, const std::string& name, const isc::data::ConstElementPtr& value);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_DESCRIPTION_H
