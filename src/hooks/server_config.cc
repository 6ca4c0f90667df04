// SPDX-License-Identifier: MPL-2.0
// Implements what is asked of a server's configuration.

#include <hooks/server_config.h>

#include <config/library_order.h>
#include <config/places.h>
#include <kea_compat.h>

#include <algorithm>

namespace user_chk {

using isc::dhcp::SrvConfig;

namespace {

const auto& networksOf(const SrvConfig& config, const Dhcp4&) {
    return *config.getCfgSharedNetworks4()->getAll();
}

const auto& networksOf(const SrvConfig& config, const Dhcp6&) {
    return *config.getCfgSharedNetworks6()->getAll();
}

const auto& subnetsOf(const SrvConfig& config, const Dhcp4&) {
    return *config.getCfgSubnets4()->getAll();
}

const auto& subnetsOf(const SrvConfig& config, const Dhcp6&) {
    return *config.getCfgSubnets6()->getAll();
}

std::vector<ListedLibrary> librariesOf(const SrvConfig& config) {
    const auto& listed = config.getHooksConfig().get();
    const std::vector<std::string> paths = isc::hooks::extractNames(listed);
    std::vector<ListedLibrary> libraries;
    for (size_t i = 0; i < listed.size(); ++i) {
        libraries.push_back({paths[i], kea::parametersOf(listed[i])});
    }
    return libraries;
}

// Whether a library with this in its path is listed.
bool hasLibrary(const SrvConfig& config, const std::string& name) {
    const auto paths = isc::hooks::extractNames(config.getHooksConfig().get());
    return std::any_of(paths.begin(), paths.end(),
                       [&](const std::string& path) { return path.find(name) != std::string::npos; });
}

// A test would make others than we decide on members of the class.
void checkClasses(const SrvConfig& config, const Parameters& parameters) {
    for (const std::string& name : {parameters.registered_class, parameters.unregistered_class,
                                    std::string("USER_CHK_NORMAL"), std::string("USER_CHK_RESTRICTED")}) {
        const auto found = config.getClientClassDictionary()->findClass(name);
        if (found && !found->getTest().empty()) {
            isc_throw(isc::dhcp::DhcpConfigError,
                      "client class '" << name << "': invalid test: '" << found->getTest()
                                       << "', must not be there, as user_chk decides who is in it");
        }
    }
}

} // namespace

bool mayChangeWhileRunning(const SrvConfig& config) {
    return config.getConfigControlInfo() || hasLibrary(config, "libdhcp_subnet_cmds");
}

bool hasPartner(const SrvConfig& config) {
    return hasLibrary(config, "libdhcp_ha.");
}

template <typename Protocol>
void checkServerConfig(const SrvConfig& config, const Parameters& parameters) {
    checkLibraryOrder(librariesOf(config));
    checkPlaces(networksOf(config, Protocol()), subnetsOf(config, Protocol()), parameters.placement);
    checkClasses(config, parameters);
}

template void checkServerConfig<Dhcp4>(const SrvConfig&, const Parameters&);
template void checkServerConfig<Dhcp6>(const SrvConfig&, const Parameters&);

std::vector<std::string> remarksOnLibraries(const SrvConfig& config, bool is_v4,
                                            const Parameters& parameters) {
    return remarksOnLibraryOrder(librariesOf(config), is_v4, parameters);
}

bool mayHaveGuards(const isc::dhcp::SrvConfig& config) {
    const auto& subnets = subnetsOf(config, Dhcp4());
    return !networksOf(config, Dhcp4()).empty() || mayChangeWhileRunning(config) ||
           std::any_of(subnets.begin(), subnets.end(),
                       [](const auto& subnet) { return !kea::guardsOf(*subnet).empty(); });
}

} // namespace user_chk
