// SPDX-License-Identifier: MPL-2.0
// Defines when a DHCPv4 client asks for an address that it may no longer have.

#ifndef USER_CHK_EXCHANGE_MOVED_CLIENT_H
#define USER_CHK_EXCHANGE_MOVED_CLIENT_H

#include <kea_compat.h>

#include <asiolink/io_address.h>
#include <dhcp/classify.h>
#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>
#include <dhcpsrv/subnet.h>

#include <optional>

namespace user_chk {

/// @brief The address that a client believes to be its own: the one that it asks for after a reboot, renews
/// or rebinds (RFC 2131 section 4.3.2).
///
/// @return none when the query is another message, names no address, or selects what a server has just
/// offered: it is for that server to grant or refuse its own offer.
std::optional<isc::asiolink::IOAddress> addressHeld(const isc::dhcp::Pkt4& query);

/// @brief True when an address is of one of the server's subnets.
///
/// Of other addresses another server on the link may be in charge, so it is not for this one to refuse them.
///
/// @param address what the client asks for
/// @param subnets Kea's collection of all subnets
bool isOfAny(const isc::asiolink::IOAddress& address, const isc::dhcp::Subnet4Collection& subnets);

/// @brief True when an address lies outside of where a client now belongs.
///
/// A restricted client belongs to its subnet alone. Any other belongs to the subnet and to those that share
/// the network with it, except for the subnets and pools that are closed to it since it has changed sides:
/// those that would be open to a client of the other side. An address that is reserved, in the subnet or
/// globally, is not outside of it.
///
/// @param address what the client asks for
/// @param subnet where it was placed
/// @param restricted whether it was placed there because it is not registered
/// @param classes the classes of its query
/// @param other_side the class that its query would have if it were registered, or were not
bool hasMovedAwayFrom(const isc::asiolink::IOAddress& address, const isc::dhcp::Subnet4& subnet,
                      bool restricted, const isc::dhcp::ClientClasses& classes,
                      const isc::dhcp::ClientClass& other_side);

/// @brief Makes a query that has no subnet one that every Kea answers by a DHCPNAK.
///
/// Kea 2.6 and later leave a client that reboots without an answer unless they are `authoritative`, and
/// Kea 3.0 one that rebinds. So the query shall look as one that was sent to this server, to take its offer.
void makeSureOfNak(const isc::dhcp::Pkt4Ptr& query);

/// @brief Does nothing: Kea itself moves a DHCPv6 client.
inline void makeSureOfNak(const isc::dhcp::Pkt6Ptr&) {}

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_MOVED_CLIENT_H
