// SPDX-License-Identifier: MPL-2.0
// Defines what is asked of a server's configuration.

#ifndef USER_CHK_HOOKS_SERVER_CONFIG_H
#define USER_CHK_HOOKS_SERVER_CONFIG_H

#include <config.h> // Kea's own; its headers for TLS ask for it

#include <dhcpsrv/srv_config.h>

namespace user_chk {

/// @brief Whether subnets and shared networks may come, go and change while the server works by a
/// configuration: by the commands of libdhcp_subnet_cmds, or from a configuration backend (Kea manual,
/// "Configuration Backend").
bool mayChangeWhileRunning(const isc::dhcp::SrvConfig& config);

} // namespace user_chk

#endif // USER_CHK_HOOKS_SERVER_CONFIG_H
