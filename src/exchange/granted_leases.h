// SPDX-License-Identifier: MPL-2.0
// Defines what a response grants: how it is read, of which subnet it is, whether it lies outside of a
// restricted one (the one criterion for leases, requests and responses), and how it is kept from a client.

#ifndef USER_CHK_EXCHANGE_GRANTED_LEASES_H
#define USER_CHK_EXCHANGE_GRANTED_LEASES_H

#include <audit/grant.h>
#include <kea_compat.h>

#include <asiolink/io_address.h>
#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>
#include <dhcpsrv/subnet.h>

#include <cstdint>

namespace user_chk {

/// @brief The address that a DHCPv4 response grants: `yiaddr`, which is 0.0.0.0 in the answer to an INFORM.
///
/// @return one address, none when the response is a DHCPNAK.
GrantedLeases grantedBy(const isc::dhcp::Pkt4& response);

/// @brief The addresses and prefixes that a DHCPv6 response grants, in the order of its IAs.
///
/// An IA with a failure status grants nothing, nor does a lease with a valid lifetime of zero, which takes an
/// address back (RFC 8415 section 18.2.10.1).
GrantedLeases grantedBy(const isc::dhcp::Pkt6& response);

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

/// @brief The id of the subnet that a lease is of which may be of any, such as one that is refused: of all
/// subnets in force the one that has the address in its range, or the prefix in a pool; the selected one when
/// none has.
isc::dhcp::SubnetID subnetOfAnywhere(const GrantedLease& lease, const kea::Subnet4ArgPtr& selected);

/// @brief The same for DHCPv6.
isc::dhcp::SubnetID subnetOfAnywhere(const GrantedLease& lease, const kea::Subnet6ArgPtr& selected);

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

/// @brief Keeps leases from a DHCPv4 client.
///
/// @return false: there is nothing to be sent without its only lease.
bool withhold(isc::dhcp::Pkt4& response, const GrantedLeases& leases);

/// @brief Takes leases out of a DHCPv6 response. An IA that has no other is answered as the server answers
/// when its pools are used up: with the status NoAddrsAvail or NoPrefixAvail (RFC 8415 section 18.3).
///
/// @param response the response
/// @param leases what it is not to grant
/// @return true: what is left is to be sent.
bool withhold(isc::dhcp::Pkt6& response, const GrantedLeases& leases);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_GRANTED_LEASES_H
