// SPDX-License-Identifier: MPL-2.0
// Defines how the leases that the server keeps are made to end with the registrations of their clients.

#ifndef USER_CHK_HOOKS_LEASE_END_H
#define USER_CHK_HOOKS_LEASE_END_H

#include <audit/grant.h>

#include <hooks/library_handle.h>

#include <cstdint>

namespace user_chk {

/// @brief Registers callouts for the leases of kea-dhcp4. They shorten a lease before the server stores it.
void registerLeaseEnds4(isc::hooks::LibraryHandle& handle);

/// @brief Registers callouts for the leases of kea-dhcp6. They shorten a lease before the server stores it.
void registerLeaseEnds6(isc::hooks::LibraryHandle& handle);

/// @brief Shortens leases that the server has stored already, where the callouts did not come to see them:
/// there are none as long as no registration ends, and under DHCPv6 the server extends the lease of a client
/// who asks for it by a REQUEST, or leaves it as it is (`cache-threshold`), without telling anybody. What
/// cannot be shortened is logged.
///
/// @param granted what a response grants
/// @param seconds how long its leases may last from now, at least 1
void endKeptLeases(const GrantedLeases& granted, uint32_t seconds);

} // namespace user_chk

#endif // USER_CHK_HOOKS_LEASE_END_H
