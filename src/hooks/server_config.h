// SPDX-License-Identifier: MPL-2.0
// Defines what is asked of a server's configuration.

#ifndef USER_CHK_HOOKS_SERVER_CONFIG_H
#define USER_CHK_HOOKS_SERVER_CONFIG_H

#include <config.h> // Kea's own; its headers for TLS ask for it

#include <config/parameters.h>
#include <exchange/protocol.h>
#include <library/attribute_reader.h>

#include <dhcp/option.h>
#include <dhcpsrv/srv_config.h>

#include <string>
#include <vector>

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

/// @brief Whether a server has a partner that takes over when it fails (libdhcp_ha).
bool hasPartner(const isc::dhcp::SrvConfig& config);

/// @brief Checks what a configuration says of us outside of our parameters: the order of hook libraries, the
/// contexts of subnets and shared networks, and that nothing but us decides on the membership of the classes
/// that tell how a client stands.
///
/// @throw isc::dhcp::DhcpConfigError naming the place and what is bad.
template <typename Protocol>
void checkServerConfig(const isc::dhcp::SrvConfig& config, const Parameters& parameters);

extern template void checkServerConfig<Dhcp4>(const isc::dhcp::SrvConfig&, const Parameters&);
extern template void checkServerConfig<Dhcp6>(const isc::dhcp::SrvConfig&, const Parameters&);

/// @brief What works worse in the order of a configuration's hook libraries, see remarksOnLibraryOrder().
std::vector<std::string> remarksOnLibraries(const isc::dhcp::SrvConfig& config, bool is_v4,
                                            const Parameters& parameters);

/// @brief What the attributes of users are read by under a configuration.
///
/// @param config the server's
/// @param universe the server's protocol
/// @param parameters the library's
ReadingContext readingContext(const isc::dhcp::SrvConfig& config, isc::dhcp::Option::Universe universe,
                              const Parameters& parameters);

} // namespace user_chk

#endif // USER_CHK_HOOKS_SERVER_CONFIG_H
