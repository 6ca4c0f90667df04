// SPDX-License-Identifier: MPL-2.0
// Checks that the options of a user fit into a response.

#ifndef USER_CHK_OPTIONS_RESPONSE_SIZE_H
#define USER_CHK_OPTIONS_RESPONSE_SIZE_H

#include <options/user_options.h>
#include <user.h>

#include <dhcp/option.h>

#include <cstddef>
#include <string>
#include <vector>

namespace user_chk {

/// @brief The maximum size in bytes of a user's options in a DHCPv4 response.
///
/// Kea sends the response through a raw socket, so it cannot be fragmented: Ethernet carries 1,472 bytes. The
/// header, the cookie and the end option take 241 of these (RFC 2131 section 2). The options that a server
/// always adds take at least 21: the message type, the server identifier, the lease time and the subnet mask.
inline constexpr size_t MOST_OPTIONS4 = 1472 - 241 - 21;

/// @brief The maximum size in bytes of a user's options in a DHCPv6 response.
///
/// The response may be fragmented, up to the 65,527 bytes of a UDP datagram over IPv6 (RFC 768, RFC 8200).
/// What a server always adds takes at least 62 of these: the header, two DUIDs, one address.
inline constexpr size_t MOST_OPTIONS6 = 65527 - 62;

/// @brief The room that a server's own options usually need: T1 and T2, routers, the client's identifier (RFC
/// 6842) and the relay agent's options (RFC 3046), which the server echoes.
inline constexpr size_t USUAL_ROOM = 256;

/// @brief Checks that a user's options fit into a response.
///
/// @param universe the protocol
/// @param attributes the user's attributes
/// @param options the parsed `option.*` among them
/// @param remarks receives a remark when they leave less than the usual room for the server's own options
/// @throw isc::BadValue saying how many bytes they take, and how many they may take.
void checkSize(isc::dhcp::Option::Universe universe, const PropertyMap& attributes,
               const UserOptions& options, std::vector<std::string>& remarks);

} // namespace user_chk

#endif // USER_CHK_OPTIONS_RESPONSE_SIZE_H
