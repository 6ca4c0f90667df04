// SPDX-License-Identifier: MPL-2.0
// Defines what a response grants to its client.

#ifndef USER_CHK_EXCHANGE_GRANTED_H
#define USER_CHK_EXCHANGE_GRANTED_H

#include <audit/grant.h>

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

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

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_GRANTED_H
