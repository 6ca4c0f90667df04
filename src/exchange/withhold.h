// SPDX-License-Identifier: MPL-2.0
// Defines how leases are kept from a client that a response would grant.

#ifndef USER_CHK_EXCHANGE_WITHHOLD_H
#define USER_CHK_EXCHANGE_WITHHOLD_H

#include <audit/grant.h>

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

namespace user_chk {

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

#endif // USER_CHK_EXCHANGE_WITHHOLD_H
