// SPDX-License-Identifier: MPL-2.0
// Defines what there is to remark on the names of attributes, and which have a meaning.

#ifndef USER_CHK_POLICY_ATTRIBUTE_NAMES_H
#define USER_CHK_POLICY_ATTRIBUTE_NAMES_H

#include <user.h>

#include <string>
#include <vector>

namespace user_chk {

/// @brief Whether a name is that of an attribute with a meaning, an option's included.
bool hasMeaning(const std::string& name);

/// @brief Remarks on names that mean nothing, but differ from one that does by case, by `_` for `-`, or by a
/// letter or two. An operator who writes `acces` wants it to have an effect.
///
/// @param attributes a user's
/// @param remarks takes a remark on each such name
void remarkOnNames(const PropertyMap& attributes, std::vector<std::string>& remarks);

} // namespace user_chk

#endif // USER_CHK_POLICY_ATTRIBUTE_NAMES_H
