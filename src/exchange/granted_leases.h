// SPDX-License-Identifier: MPL-2.0
// Reads the leases that a response grants, finds their subnets, decides whether they lie outside of a
// restricted one (the only criterion for leases, requests and responses), and withholds them from a client.

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

/// @brief Returns the address that a DHCPv4 response grants: `yiaddr`, which is 0.0.0.0 in the answer to a
/// DHCPINFORM.
///
/// @return one address, none when the response is a DHCPNAK.
GrantedLeases grantedBy(const isc::dhcp::Pkt4& response);

/// @brief Returns the addresses and prefixes that a DHCPv6 response grants, in the order of its IAs.
///
/// An IA with a failure status grants nothing, nor does a lease with a valid lifetime of 0, which withdraws
/// an address (RFC 8415 section 18.2.10.1).
GrantedLeases grantedBy(const isc::dhcp::Pkt6& response);

/// @brief Returns the id of the subnet of a DHCPv4 lease.
///
/// It is the selected subnet, unless the allocation engine has moved the client to another subnet of the
/// shared network: then it is the one whose range has the address.
///
/// @param lease the granted lease; the address 0.0.0.0 belongs to the selected subnet
/// @param selected the subnet that was selected for the query, a null pointer when none was
/// @return the id, 0 when no subnet was selected.
isc::dhcp::SubnetID subnetOf(const GrantedLease& lease, const kea::Subnet4ArgPtr& selected);

/// @brief Returns the id of the subnet of a DHCPv6 lease. For an address it is determined as for DHCPv4. For
/// a prefix it is the subnet that has it in a pool, or the selected one when none has, as for a prefix that
/// is reserved outside of pools.
isc::dhcp::SubnetID subnetOf(const GrantedLease& lease, const kea::Subnet6ArgPtr& selected);

/// @brief Returns the id of the subnet of a lease that may belong to any subnet, such as a refused one: of
/// all subnets in force, the one that has the address in its range, or the prefix in a pool; the selected one
/// when none has.
isc::dhcp::SubnetID subnetOfAnywhere(const GrantedLease& lease, const kea::Subnet4ArgPtr& selected);

/// @brief Same as above, for DHCPv6.
isc::dhcp::SubnetID subnetOfAnywhere(const GrantedLease& lease, const kea::Subnet6ArgPtr& selected);

/// @brief True when an address lies outside of a DHCPv4 subnet, whatever subnet id its lease has.
///
/// @param address the address; 0.0.0.0, as in the answer to a DHCPINFORM, belongs to no subnet and lies
/// outside of none
/// @param prefix_length 0, since DHCPv4 has no prefixes
/// @param subnet the subnet
bool isOutside(const isc::asiolink::IOAddress& address, uint8_t prefix_length,
               const isc::dhcp::Subnet4& subnet);

/// @brief True when an address lies outside of a DHCPv6 subnet; or when a prefix is neither in one of its
/// pools, nor reserved in it (RFC 8415 section 6.3, Kea manual, "Address/Prefix Reservation Types").
///
/// For a prefix that is in no pool it asks the server's host data sources, and throws what they throw.
///
/// @param address the address, or the first one of the prefix
/// @param prefix_length the length of the prefix, 0 for an address
/// @param subnet the subnet
bool isOutside(const isc::asiolink::IOAddress& address, uint8_t prefix_length,
               const isc::dhcp::Subnet6& subnet);

/// @brief Withholds leases from a DHCPv4 client.
///
/// @return false: without its only lease, there is nothing to send.
bool withhold(isc::dhcp::Pkt4& response, const GrantedLeases& leases);

/// @brief Removes leases from a DHCPv6 response. An IA without any other lease is answered like one whose
/// pools are exhausted: with the status NoAddrsAvail or NoPrefixAvail (RFC 8415 section 18.3).
///
/// @param response the response
/// @param leases the leases that it must not grant
/// @return true: the rest can be sent.
bool withhold(isc::dhcp::Pkt6& response, const GrantedLeases& leases);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_GRANTED_LEASES_H
