// SPDX-License-Identifier: MPL-2.0
// Defines what lies outside of a restricted subnet: the one criterion for leases, requests and responses.

#ifndef USER_CHK_EXCHANGE_OUTSIDE_H
#define USER_CHK_EXCHANGE_OUTSIDE_H

#include <asiolink/io_address.h>
#include <dhcpsrv/subnet.h>

#include <cstdint>

namespace user_chk {

/// @brief True when an address lies outside of a DHCPv4 subnet, whatever subnet id its lease carries.
///
/// @param address the address; 0.0.0.0, as in the answer to a DHCPINFORM, is of no subnet and lies outside of
/// none
/// @param prefix_length 0, DHCPv4 has no prefixes
/// @param subnet the subnet
bool isOutside(const isc::asiolink::IOAddress& address, uint8_t prefix_length,
               const isc::dhcp::Subnet4& subnet);

/// @brief True when an address lies outside of a DHCPv6 subnet; or when a prefix is of none of its pools, nor
/// reserved in it (RFC 8415 section 6.3, Kea manual, "Address/Prefix Reservation Types").
///
/// For a prefix that is of no pool it asks the server's host data sources. Throws what they throw.
///
/// @param address the address, or the first one of the prefix
/// @param prefix_length the length of the prefix, 0 for an address
/// @param subnet the subnet
bool isOutside(const isc::asiolink::IOAddress& address, uint8_t prefix_length,
               const isc::dhcp::Subnet6& subnet);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_OUTSIDE_H
