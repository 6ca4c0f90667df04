// SPDX-License-Identifier: MPL-2.0
// Defines the callouts for leases, which a server that has shared networks needs, and how a lease is refused.

#ifndef USER_CHK_HOOKS_LEASE_H
#define USER_CHK_HOOKS_LEASE_H

#include <hooks/callout.h>
#include <hooks/protocol.h>

#include <asiolink/io_address.h>
#include <hooks/library_handle.h>

namespace user_chk {

/// @brief Registers lease4_select and lease4_renew.
void registerLeaseCallouts4(isc::hooks::LibraryHandle& handle);

/// @brief Registers lease6_select, lease6_renew and lease6_rebind.
void registerLeaseCallouts6(isc::hooks::LibraryHandle& handle);

/// @brief Marks that the client of a query was about to get a lease that it must not have, and tells the
/// operator what to do about it.
///
/// @param decision on the query; its subnet is the restricted one
/// @param address the lease's
template <typename Protocol>
void refuse(Decision<Protocol>& decision, const isc::asiolink::IOAddress& address);

extern template void refuse(Decision<Dhcp4>& decision, const isc::asiolink::IOAddress& address);
extern template void refuse(Decision<Dhcp6>& decision, const isc::asiolink::IOAddress& address);

} // namespace user_chk

#endif // USER_CHK_HOOKS_LEASE_H
