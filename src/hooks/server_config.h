// SPDX-License-Identifier: MPL-2.0
// Defines what is asked of a server's configuration.

#ifndef USER_CHK_HOOKS_SERVER_CONFIG_H
#define USER_CHK_HOOKS_SERVER_CONFIG_H

#include <config.h> // Kea's own; its headers for TLS ask for it

#include <hooks/protocol.h>

#include <dhcpsrv/srv_config.h>

namespace user_chk {

/// @brief The subnets of a configuration, in the order of their ids.
inline const isc::dhcp::Subnet4Collection& subnetsOf(const isc::dhcp::SrvConfig& config, const Dhcp4&) {
    return *config.getCfgSubnets4()->getAll();
}

/// @brief The subnets of a configuration, in the order of their ids.
inline const isc::dhcp::Subnet6Collection& subnetsOf(const isc::dhcp::SrvConfig& config, const Dhcp6&) {
    return *config.getCfgSubnets6()->getAll();
}

/// @brief The shared networks of a configuration.
inline const isc::dhcp::SharedNetwork4Collection& networksOf(const isc::dhcp::SrvConfig& config,
                                                             const Dhcp4&) {
    return *config.getCfgSharedNetworks4()->getAll();
}

/// @brief The shared networks of a configuration.
inline const isc::dhcp::SharedNetwork6Collection& networksOf(const isc::dhcp::SrvConfig& config,
                                                             const Dhcp6&) {
    return *config.getCfgSharedNetworks6()->getAll();
}

/// @brief Whether subnets and shared networks may come, go and change while the server works by a
/// configuration: by the commands of libdhcp_subnet_cmds, or from a configuration backend (Kea manual,
/// "Configuration Backend").
bool mayChangeWhileRunning(const isc::dhcp::SrvConfig& config);

/// @brief Whether a DHCPv4 subnet, shared network or pool is guarded with a client class, or may be by us.
bool mayHaveGuards(const isc::dhcp::SrvConfig& config);

} // namespace user_chk

#endif // USER_CHK_HOOKS_SERVER_CONFIG_H
