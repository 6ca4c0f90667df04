// SPDX-License-Identifier: MPL-2.0
// Implements what is asked of a server's configuration.

#include <hooks/server_config.h>

#include <kea_compat.h>

#include <algorithm>

namespace user_chk {

bool mayChangeWhileRunning(const isc::dhcp::SrvConfig& config) {
    const auto libraries = isc::hooks::extractNames(config.getHooksConfig().get());
    return config.getConfigControlInfo() ||
           std::any_of(libraries.begin(), libraries.end(), [](const std::string& library) {
               return library.find("libdhcp_subnet_cmds") != std::string::npos;
           });
}

bool mayHaveGuards(const isc::dhcp::SrvConfig& config) {
    const auto& subnets = subnetsOf(config, Dhcp4());
    return !networksOf(config, Dhcp4()).empty() || mayChangeWhileRunning(config) ||
           std::any_of(subnets.begin(), subnets.end(),
                       [](const auto& subnet) { return !kea::guardsOf(*subnet).empty(); });
}

} // namespace user_chk
