// SPDX-License-Identifier: MPL-2.0
// Puts a user's boot attributes into a response.

#ifndef USER_CHK_OPTIONS_BOOT_OPTIONS_H
#define USER_CHK_OPTIONS_BOOT_OPTIONS_H

#include <user.h>

#include <asiolink/io_address.h>
#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

#include <optional>
#include <string>
#include <vector>

namespace user_chk {

/// @brief The attribute that names a boot file.
inline constexpr const char* BOOTFILE = "bootfile";

/// @brief The attribute that names a TFTP server.
inline constexpr const char* TFTP_SERVER = "tftp_server";

/// @brief Sets DHCPv4 boot options (RFC 2132 sections 9.4 and 9.5), whether or not the client asked for them.
///
/// `bootfile` sets option 67, and also the BOOTP field `file` (RFC 2131 section 2) when it fits into the 128
/// bytes together with its terminating NUL. `tftp_server` sets option 66. Both replace what the response has.
/// An attribute that is absent or empty sets nothing.
void setBootOptions(isc::dhcp::Pkt4& response, const PropertyMap& attributes);

/// @brief Sets DOCSIS options (CableLabs CL-SP-CANN-DHCP-Reg) in a vendor-opts option (17) that the DHCPv6
/// response already has. Does nothing when it has none.
///
/// `bootfile` sets code 33. `tftp_server` sets code 32, as addresses when it is a list of addresses,
/// otherwise as text. Of several vendor-opts options, the one of CableLabs is used, or else the first.
void setBootOptions(isc::dhcp::Pkt6& response, const PropertyMap& attributes);

/// @brief Parses an IPv6 address or a comma-separated list of them, with blanks allowed around each.
///
/// @return the addresses, none when any part of the text is something else.
std::optional<std::vector<isc::asiolink::IOAddress>> parseIpv6Addresses(const std::string& text);

/// @brief Warns of a `tftp_server` that a DHCPv6 device may not understand.
///
/// @param attributes the attributes of a DHCPv6 user
/// @param remarks receives the remark, if there is one
void remarkOnTftpServer(const PropertyMap& attributes, std::vector<std::string>& remarks);

} // namespace user_chk

#endif // USER_CHK_OPTIONS_BOOT_OPTIONS_H
