// SPDX-License-Identifier: MPL-2.0
// Defines what is asked of a server's configuration.

#ifndef USER_CHK_HOOKS_SERVER_CONFIG_H
#define USER_CHK_HOOKS_SERVER_CONFIG_H

#include <config.h> // Kea's own; its headers for TLS ask for it

#include <config/parameters.h>
#include <hooks/attribute_reader.h>

#include <dhcp/option.h>
#include <dhcpsrv/srv_config.h>

namespace user_chk {

/// @brief Whether subnets and shared networks may come, go and change while the server works by a
/// configuration: by the commands of libdhcp_subnet_cmds, or from a configuration backend (Kea manual,
/// "Configuration Backend").
bool mayChangeWhileRunning(const isc::dhcp::SrvConfig& config);

/// @brief What the attributes of users are read by under a configuration.
///
/// @param config the server's
/// @param universe the server's protocol
/// @param parameters the library's
ReadingContext readingContext(const isc::dhcp::SrvConfig& config, isc::dhcp::Option::Universe universe,
                              const Parameters& parameters);

} // namespace user_chk

#endif // USER_CHK_HOOKS_SERVER_CONFIG_H
