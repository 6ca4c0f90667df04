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
/// Its link is each subnet that Kea could select for it, whatever the classes of its client, with those that
/// share a network with one. Kea's own selection tells (Kea manual, "Subnet Selection"): for DHCPv4 by link
/// selection (RFC 3527), subnet selection (RFC 3011), relay, interface and addresses, for DHCPv6 by interface
/// id, link-address, interface and address. A client that renews a restricted address, past any relay, tells
/// no more than that: it is within the scope when all subnets are that unregistered clients come there from.
///
/// @param query the query, unpacked
/// @param scope of a registration
/// @param findings the guards of the server's subnets, and where unregistered clients come from
/// @throw isc::BadValue when the query's interface is gone.
bool comesFromWithin(const isc::dhcp::Pkt4Ptr& query, const Scope& scope, const Site::Findings& findings);

/// @brief The same for DHCPv6.
bool comesFromWithin(const isc::dhcp::Pkt6Ptr& query, const Scope& scope, const Site::Findings& findings);

/// @brief True when a DHCPv4 query that is still as it was received may find no subnet that is open to its
/// classes: Kea up to 3.0.3 drops such a query before pkt4_receive, where it was broadcast on the server's
/// own link. The classes that tests of the configuration give are not known yet, so Kea may find one all the
/// same.
///
/// @param query the query, with the classes that it has from this library
bool mayHaveNoSubnet(const isc::dhcp::Pkt4Ptr& query);

/// @brief True when the server selects the subnet of a query by the address that it renews, wherever its
/// client is.
bool isSelectedByAddress(const isc::dhcp::Pkt4& query);

/// @brief False: DHCPv6 has no such queries.
inline bool isSelectedByAddress(const isc::dhcp::Pkt6&) {
    return false;
}

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_LINK_H
