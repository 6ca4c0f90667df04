// SPDX-License-Identifier: MPL-2.0
// Knows which attribute names have a meaning, and warns of names that are probably misspelled.

#ifndef USER_CHK_POLICY_ATTRIBUTE_NAMES_H
#define USER_CHK_POLICY_ATTRIBUTE_NAMES_H

#include <user.h>

#include <string>
#include <vector>

namespace user_chk {

/// @brief Whether an attribute of this name has a meaning, including options.
bool hasMeaning(const std::string& name);

/// @brief Warns of names without a meaning that differ from a meaningful one by case, by `_` for `-`, or by
/// one or two letters. An operator who writes `acces` expects it to have an effect.
///
/// @param attributes the attributes of a user
/// @param remarks receives a remark on each such name
void remarkOnNames(const PropertyMap& attributes, std::vector<std::string>& remarks);

} // namespace user_chk

#endif // USER_CHK_POLICY_ATTRIBUTE_NAMES_H
