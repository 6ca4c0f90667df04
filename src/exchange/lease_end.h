// SPDX-License-Identifier: MPL-2.0
// Defines the third stage of an exchange: no lease in the server's database outlives its client's
// registration.

#ifndef USER_CHK_EXCHANGE_LEASE_END_H
#define USER_CHK_EXCHANGE_LEASE_END_H

#include <audit/grant.h>

#include <dhcpsrv/lease.h>

#include <cstdint>
#include <string>
#include <vector>

namespace user_chk {

/// @brief Caps the lifetimes of a lease that the server is about to grant or extend.
///
/// @param lease the lease
/// @param seconds the longest lifetime, at least 1
void capLease(isc::dhcp::Lease4& lease, uint32_t seconds);

/// @brief Same as above, for DHCPv6.
void capLease(isc::dhcp::Lease6& lease, uint32_t seconds);

/// @brief A lease in the server's database that could not be capped.
struct UncappedLease {
    isc::asiolink::IOAddress address; ///< its address or prefix
    std::string reason;               ///< why it could not be capped
};

/// @brief Caps leases that the server has already stored, when the callouts for leases did not see them: they
/// are not registered as long as no registration has an end. Also, a DHCPv6 server extends the lease of a
/// client that asks for it in a REQUEST, or leaves it unchanged (`cache-threshold`), without calling any
/// callout.
///
/// @param granted what a response has granted
/// @param seconds how long the leases may last from now, at least 1
/// @return the leases that could not be capped.
std::vector<UncappedLease> capKeptLeases(const GrantedLeases& granted, uint32_t seconds);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_LEASE_END_H
