// SPDX-License-Identifier: MPL-2.0
// Implements what is asked of a server's configuration.

#include <hooks/server_config.h>

#include <algorithm>

namespace user_chk {

bool mayChangeWhileRunning(const isc::dhcp::SrvConfig& config) {
    const auto libraries = isc::hooks::extractNames(config.getHooksConfig().get());
    return config.getConfigControlInfo() ||
           std::any_of(libraries.begin(), libraries.end(), [](const std::string& library) {
               return library.find("libdhcp_subnet_cmds") != std::string::npos;
           });
}

} // namespace user_chk
