// SPDX-License-Identifier: MPL-2.0
// Defines the link that a query comes from, and whether that is within a scope.

#ifndef USER_CHK_EXCHANGE_LINK_H
#define USER_CHK_EXCHANGE_LINK_H

#include <policy/scope.h>
#include <policy/site.h>

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

namespace user_chk {

/// @brief True when a query comes from within a scope.
///
/// A query's link consists of each subnet that Kea could select for it, whatever the classes of its client,
/// and those that share a network with one of these. Kea's own selection finds them (Kea manual, "Subnet
/// Selection"): for DHCPv4 by link selection (RFC 3527), subnet selection (RFC 3011), relay, interface and
/// addresses; for DHCPv6 by interface id, link address, interface and address. A client that renews a
/// restricted address past any relay reveals only that address. It is within the scope when the scope
/// includes all subnets whose unregistered clients are moved there.
///
/// @param query the query, parsed
/// @param scope the scope of a registration
/// @param findings the guards of the server's subnets, and where unregistered clients come from
/// @throw isc::BadValue when the query's interface no longer exists.
bool comesFromWithin(const isc::dhcp::Pkt4Ptr& query, const Scope& scope, const Site::Findings& findings);

/// @brief Same as above, for DHCPv6.
bool comesFromWithin(const isc::dhcp::Pkt6Ptr& query, const Scope& scope, const Site::Findings& findings);

/// @brief True when no subnet may be open to the classes of a DHCPv4 query, which is still as it was
/// received. Kea up to 3.0.3 drops such a query before pkt4_receive if it was broadcast on the server's own
/// link. Classes from tests in the configuration are not known yet, so Kea may find a subnet all the same.
///
/// @param query the query, which has a whole header, with the classes that this library has given it
bool mayHaveNoSubnet(const isc::dhcp::Pkt4Ptr& query);

/// @brief True when the server selects the subnet of a query by the address that it renews, wherever the
/// client is.
bool isSelectedByAddress(const isc::dhcp::Pkt4& query);

/// @brief False: DHCPv6 has no such queries.
inline bool isSelectedByAddress(const isc::dhcp::Pkt6&) {
    return false;
}

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_LINK_H
