// SPDX-License-Identifier: MPL-2.0
// Defines how the subnet of a granted lease is found.

#ifndef USER_CHK_EXCHANGE_LEASE_SUBNET_H
#define USER_CHK_EXCHANGE_LEASE_SUBNET_H

#include <audit/grant.h>
#include <kea_compat.h>

namespace user_chk {

/// @brief The id of the subnet that a DHCPv4 lease is of.
///
/// It is the selected one, unless the allocation engine has moved the client to another subnet of the shared
/// network: then it is the one whose range the address is in.
///
/// @param lease what is granted; the address 0.0.0.0 is of the selected subnet
/// @param selected the subnet that was selected for the query, a null pointer when none was
/// @return the id, 0 when no subnet was selected.
isc::dhcp::SubnetID subnetOf(const GrantedLease& lease, const kea::Subnet4ArgPtr& selected);

/// @brief The id of the subnet that a DHCPv6 lease is of: for an address as for DHCPv4, for a prefix the one
/// that has it in a pool, or the selected one when none has, as with a prefix that is reserved out of pools.
isc::dhcp::SubnetID subnetOf(const GrantedLease& lease, const kea::Subnet6ArgPtr& selected);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_LEASE_SUBNET_H
