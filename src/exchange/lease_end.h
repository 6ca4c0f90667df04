// SPDX-License-Identifier: MPL-2.0
// Defines the third stage of an exchange: no lease of the server outlives its client's registration.

#ifndef USER_CHK_EXCHANGE_LEASE_END_H
#define USER_CHK_EXCHANGE_LEASE_END_H

#include <audit/grant.h>

#include <dhcpsrv/lease.h>

#include <cstdint>
#include <string>
#include <vector>

namespace user_chk {

/// @brief Caps the lifetimes of a lease that the server is about to give or extend.
///
/// @param lease the lease
/// @param seconds the most that it may last, at least 1
void capLease(isc::dhcp::Lease4& lease, uint32_t seconds);

/// @brief The same for DHCPv6.
void capLease(isc::dhcp::Lease6& lease, uint32_t seconds);

/// @brief A lease of the server that could not be capped.
struct UncappedLease {
    isc::asiolink::IOAddress address; ///< its address or prefix
    std::string reason;               ///< why
};

/// @brief Caps leases that the server has stored already, where the callouts for leases did not come to see
/// them: there are none as long as no registration ends, and under DHCPv6 the server extends the lease of a
/// client that asks for it by a REQUEST, or leaves it as it is (`cache-threshold`), without telling anybody.
///
/// @param granted what a response has granted
/// @param seconds how long they may last from now, at least 1
/// @return those that could not be capped.
std::vector<UncappedLease> capKeptLeases(const GrantedLeases& granted, uint32_t seconds);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_LEASE_END_H
