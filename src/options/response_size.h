// SPDX-License-Identifier: MPL-2.0
// Defines the check that what a user's attributes put into a response can be sent.

#ifndef USER_CHK_OPTIONS_RESPONSE_SIZE_H
#define USER_CHK_OPTIONS_RESPONSE_SIZE_H

#include <options/user_options.h>
#include <user.h>

#include <dhcp/option.h>

#include <cstddef>
#include <string>
#include <vector>

namespace user_chk {

/// @brief The most bytes that a user's options may take in a DHCPv4 response.
///
/// Kea sends it by a raw socket, hence unfragmented: 1,472 bytes go through Ethernet. Of these the header,
/// the cookie and the end take 241 (RFC 2131 section 2), and 21 the least that a server adds: the message
/// type, its identifier, the lease time and the subnet mask.
inline constexpr size_t MOST_OPTIONS4 = 1472 - 241 - 21;

/// @brief The most bytes that a user's options may take in a DHCPv6 response.
///
/// It is sent in fragments, up to the 65,527 bytes of a UDP datagram over IPv6 (RFC 768, RFC 8200). Of these
/// 62 are the least that a server adds: the header, two DUIDs, one address.
inline constexpr size_t MOST_OPTIONS6 = 65527 - 62;

/// @brief What a server's own options seldom take more of: T1 and T2, routers, the echo of the client's
/// identifier (RFC 6842) and of what a relay has put in (RFC 3046).
inline constexpr size_t USUAL_ROOM = 256;

/// @brief Checks that there is room in a response for what a user's attributes put there.
///
/// @param universe the protocol
/// @param attributes the user's
/// @param options what `option.*` among them mean
/// @param remarks takes a remark where the room for the server's own options is less than usual
/// @throw isc::BadValue saying how many bytes they take, and how many they may.
void checkSize(isc::dhcp::Option::Universe universe, const PropertyMap& attributes,
               const UserOptions& options, std::vector<std::string>& remarks);

} // namespace user_chk

#endif // USER_CHK_OPTIONS_RESPONSE_SIZE_H
