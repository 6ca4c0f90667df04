// SPDX-License-Identifier: MPL-2.0
// Defines where unregistered clients are placed.

#ifndef USER_CHK_POLICY_PLACEMENT_H
#define USER_CHK_POLICY_PLACEMENT_H

namespace user_chk {

/// @brief The subnet for unregistered clients: the last of the configured ones.
///
/// @param subnets Kea's collection, ordered by subnet id
/// @return the subnet with the highest id, a null pointer when there is none.
template <typename Collection>
typename Collection::value_type restrictedSubnet(const Collection& subnets) {
    return subnets.empty() ? typename Collection::value_type() : *subnets.rbegin();
}

} // namespace user_chk

#endif // USER_CHK_POLICY_PLACEMENT_H
