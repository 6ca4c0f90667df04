// SPDX-License-Identifier: MPL-2.0
// Defines what a client has a claim to in the siblings of its restricted subnet.

#ifndef USER_CHK_POLICY_SIBLING_CLAIM_H
#define USER_CHK_POLICY_SIBLING_CLAIM_H

#include <kea_compat.h>

#include <asiolink/io_address.h>
#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

#include <optional>

namespace user_chk {

/// @brief What the server would give a client in another subnet of the shared network, since it is reserved
/// for it there.
///
/// The server tells of such a lease when it is too late to refuse it: Kea 2.2 ends by a null pointer then.
///
/// @param query the client's
/// @param subnet where it was placed
/// @return the address, none when the subnet is in no shared network, or nothing there is reserved for the
/// client.
std::optional<isc::asiolink::IOAddress> siblingClaim(isc::dhcp::Pkt4& query,
                                                     const isc::dhcp::Subnet4& subnet);

/// @brief The same for DHCPv6, where it is also what the client has leased there: the server renews that when
/// it is asked by a REQUEST, and tells nobody.
std::optional<isc::asiolink::IOAddress> siblingClaim(isc::dhcp::Pkt6& query,
                                                     const isc::dhcp::Subnet6& subnet);

} // namespace user_chk

#endif // USER_CHK_POLICY_SIBLING_CLAIM_H
