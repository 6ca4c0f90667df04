// SPDX-License-Identifier: MPL-2.0
// Defines what the library asks of a server's configuration.

#ifndef USER_CHK_HOOKS_SERVER_CONFIG_H
#define USER_CHK_HOOKS_SERVER_CONFIG_H

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <config/parameters.h>
#include <exchange/protocol.h>
#include <library/attribute_reader.h>

#include <dhcp/option.h>
#include <dhcpsrv/srv_config.h>

#include <string>
#include <vector>

namespace user_chk {

/// @brief Returns the subnets of a configuration, ordered by id.
inline const isc::dhcp::Subnet4Collection& subnetsOf(const isc::dhcp::SrvConfig& config, const Dhcp4&) {
    return *config.getCfgSubnets4()->getAll();
}

/// @brief Returns the subnets of a configuration, ordered by id.
inline const isc::dhcp::Subnet6Collection& subnetsOf(const isc::dhcp::SrvConfig& config, const Dhcp6&) {
    return *config.getCfgSubnets6()->getAll();
}

/// @brief Returns the shared networks of a configuration.
inline const isc::dhcp::SharedNetwork4Collection& networksOf(const isc::dhcp::SrvConfig& config,
                                                             const Dhcp4&) {
    return *config.getCfgSharedNetworks4()->getAll();
}

/// @brief Returns the shared networks of a configuration.
inline const isc::dhcp::SharedNetwork6Collection& networksOf(const isc::dhcp::SrvConfig& config,
                                                             const Dhcp6&) {
    return *config.getCfgSharedNetworks6()->getAll();
}

/// @brief Whether subnets and shared networks may be added, removed and changed while the server runs: by the
/// commands of libdhcp_subnet_cmds, or from a configuration backend (Kea manual, "Configuration Backend").
bool mayChangeWhileRunning(const isc::dhcp::SrvConfig& config);

/// @brief Whether a client class guards a DHCPv4 subnet, shared network or pool, or this library may set a
/// guard.
bool mayHaveGuards(const isc::dhcp::SrvConfig& config);

/// @brief Whether a server has a partner that takes over when it fails (libdhcp_ha).
bool hasPartner(const isc::dhcp::SrvConfig& config);

/// @brief Checks the parts of a configuration that concern this library, other than its parameters: the order
/// of hook libraries, the user contexts of subnets and shared networks, and that only this library decides on
/// the membership of the classes that show a client's standing.
///
/// @throw isc::dhcp::DhcpConfigError naming what is bad, and where.
template <typename Protocol>
void checkServerConfig(const isc::dhcp::SrvConfig& config, const Parameters& parameters);

extern template void checkServerConfig<Dhcp4>(const isc::dhcp::SrvConfig&, const Parameters&);
extern template void checkServerConfig<Dhcp6>(const isc::dhcp::SrvConfig&, const Parameters&);

/// @brief Returns what works less well in the order of a configuration's hook libraries, see
/// remarksOnLibraryOrder().
std::vector<std::string> remarksOnLibraries(const isc::dhcp::SrvConfig& config, bool is_v4,
                                            const Parameters& parameters);

/// @brief Returns the context for reading the attributes of users under a configuration.
///
/// @param config the server's configuration
/// @param universe the server's protocol
/// @param parameters the library's parameters
ReadingContext readingContext(const isc::dhcp::SrvConfig& config, isc::dhcp::Option::Universe universe,
                              const Parameters& parameters);

} // namespace user_chk

#endif // USER_CHK_HOOKS_SERVER_CONFIG_H
