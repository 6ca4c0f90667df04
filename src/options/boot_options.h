// SPDX-License-Identifier: MPL-2.0
// Defines how a user's boot attributes are put into a response.

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

/// @brief Sets DHCPv4 boot options (RFC 2132 sections 9.4 and 9.5), asked for or not.
///
/// `bootfile` sets option 67 and, where it and the NUL that ends it fit into the 128 bytes, the BOOTP `file`
/// field (RFC 2131 section 2); `tftp_server` sets option 66. Both replace what the response has. An attribute
/// that is absent or empty sets nothing.
void setBootOptions(isc::dhcp::Pkt4& response, const PropertyMap& attributes);

/// @brief Sets DOCSIS options (CableLabs CL-SP-CANN-DHCP-Reg) within a vendor-opts option (17) that the
/// DHCPv6 response already has, or does nothing when it has none.
///
/// `bootfile` sets code 33; `tftp_server` sets code 32, as addresses when it is a list of them, else as text.
/// Of several vendor-opts options the one of CableLabs is taken, else the first.
void setBootOptions(isc::dhcp::Pkt6& response, const PropertyMap& attributes);

/// @brief Reads an IPv6 address or a comma-separated list of them, with blanks around each.
///
/// @return the addresses, none when any part of the text is something else.
std::optional<std::vector<isc::asiolink::IOAddress>> parseIpv6Addresses(const std::string& text);

/// @brief Remarks on a `tftp_server` that a DHCPv6 device may not understand.
///
/// @param attributes a DHCPv6 user's
/// @param remarks takes the remark, if there is one
void remarkOnTftpServer(const PropertyMap& attributes, std::vector<std::string>& remarks);

} // namespace user_chk

#endif // USER_CHK_OPTIONS_BOOT_OPTIONS_H
