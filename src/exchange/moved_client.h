// SPDX-License-Identifier: MPL-2.0
// Recognizes DHCPv4 clients that request an address that they may no longer have.

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

/// @brief Returns the address that a client believes to be its own: the one that it requests after a reboot,
/// renews or rebinds (RFC 2131 section 4.3.2).
///
/// @return none when the query is another message, names no address, or selects what a server has just
/// offered: only that server may grant or refuse its own offer.
std::optional<isc::asiolink::IOAddress> addressHeld(const isc::dhcp::Pkt4& query);

/// @brief True when an address belongs to one of the server's subnets.
///
/// Another server on the link may be responsible for other addresses, so this one must not refuse them.
///
/// @param address the address that the client requests
/// @param subnets Kea's collection of all subnets
bool isOfAny(const isc::asiolink::IOAddress& address, const isc::dhcp::Subnet4Collection& subnets);

/// @brief True when an address lies outside of where a client now belongs.
///
/// A restricted client belongs to its subnet only. Any other client belongs to its subnet and to those that
/// share the network with it, except for the subnets and pools that are closed to it since it changed sides:
/// those that would be open to a client of the other side. An address that is reserved for the client, in the
/// subnet or globally, is not outside.
///
/// @param address the address that the client requests
/// @param subnet the subnet where the client was placed
/// @param restricted whether it was placed there because it is not registered
/// @param classes the classes of its query
/// @param other_side the class that its query would have on the other side
bool hasMovedAwayFrom(const isc::asiolink::IOAddress& address, const isc::dhcp::Subnet4& subnet,
                      bool restricted, const isc::dhcp::ClientClasses& classes,
                      const isc::dhcp::ClientClass& other_side);

/// @brief Turns a query without a subnet into one that every release of Kea answers with a DHCPNAK.
///
/// Unless they are `authoritative`, Kea 2.6 and later do not answer a client that reboots, and Kea 3.0 does
/// not answer one that rebinds. So the query is made to look like one to this server that accepts its offer.
void makeSureOfNak(const isc::dhcp::Pkt4Ptr& query);

/// @brief Does nothing: Kea itself moves a DHCPv6 client.
inline void makeSureOfNak(const isc::dhcp::Pkt6Ptr&) {}

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_MOVED_CLIENT_H
