// SPDX-License-Identifier: MPL-2.0
// Declares how the client of a query is identified.

#ifndef USER_CHK_EXCHANGE_CLIENT_ID_H
#define USER_CHK_EXCHANGE_CLIENT_ID_H

#include <user.h>

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace user_chk {

/// @brief Returns the id of a DHCPv4 client: its hardware address (RFC 2131 `chaddr`), whatever the hardware
/// type.
///
/// @return none when the query has no hardware address.
std::optional<UserId> clientIdOf(const isc::dhcp::Pkt4& query);

/// @brief Returns the id of the client of an unparsed DHCPv4 query: what clientIdOf() will return for the
/// parsed one.
///
/// @param message the UDP payload, which has a whole header
std::optional<UserId> clientIdIn(const std::vector<uint8_t>& message);

/// @brief Returns the id of a DHCPv6 client: the DUID in option 1 (RFC 8415 section 21.2) of the innermost
/// message.
///
/// @return none when the query has no option 1 or an empty one.
std::optional<UserId> clientIdOf(const isc::dhcp::Pkt6& query);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_CLIENT_ID_H
