// SPDX-License-Identifier: MPL-2.0
// Implements the queries on a server's configuration.

#include <hooks/server_config.h>

#include <config/library_order.h>
#include <config/places.h>
#include <kea_compat.h>
#include <policy/guards.h>

#include <dhcpsrv/client_class_def.h>

#include <algorithm>
#include <set>

namespace user_chk {

using namespace isc::dhcp;

namespace {

std::vector<ListedLibrary> librariesOf(const SrvConfig& config) {
    const auto& listed = config.getHooksConfig().get();
    const std::vector<std::string> paths = isc::hooks::extractNames(listed);
    std::vector<ListedLibrary> libraries;
    for (size_t i = 0; i < listed.size(); ++i) {
        libraries.push_back({paths[i], kea::parametersOf(listed[i])});
    }
    return libraries;
}

// Whether the configuration lists a library with this in its path.
bool hasLibrary(const SrvConfig& config, const std::string& name) {
    const auto paths = isc::hooks::extractNames(config.getHooksConfig().get());
    return std::any_of(paths.begin(), paths.end(),
                       [&](const std::string& path) { return path.find(name) != std::string::npos; });
}

// A test would let others decide on the membership of the class.
void checkClasses(const SrvConfig& config, const Parameters& parameters) {
    for (const auto& defined : *config.getClientClassDictionary()->getClasses()) {
        const ClientClass& name = defined->getName();
        const bool is_ours =
            name == parameters.registered_class || name == parameters.unregistered_class || isOurGuard(name);
        if (is_ours && !defined->getTest().empty()) {
            isc_throw(isc::dhcp::DhcpConfigError,
                      "client class '"
                          << name << "': invalid test: '" << defined->getTest()
                          << "', the class must have no test, as user_chk decides which clients are in it");
        }
    }
}

typedef std::set<ClientClass> Classes;

template <typename Thing>
void addGuards(const Thing& thing, Classes& classes) {
    for (const ClientClass& guard : kea::guardsOf(thing)) {
        classes.insert(guard);
    }
}

template <typename Networks, typename Subnets>
void addGuards(const Networks& networks, const Subnets& subnets, Classes& classes) {
    for (const auto& network : networks) {
        addGuards(*network, classes);
    }
    for (const auto& subnet : subnets) {
        addGuards(*subnet, classes);
        for (const Lease::Type type : poolTypes(*subnet)) {
            for (const auto& pool : subnet->getPools(type)) {
                addGuards(*pool, classes);
            }
        }
    }
}

// Returns the classes that have an effect somewhere: those that are defined, and those that are guards.
Classes classesOf(const SrvConfig& config, const Parameters& parameters) {
    Classes classes = {parameters.registered_class, parameters.unregistered_class};
    for (const auto& defined : *config.getClientClassDictionary()->getClasses()) {
        classes.insert(defined->getName());
    }
    addGuards(networksOf(config, Dhcp4()), subnetsOf(config, Dhcp4()), classes);
    addGuards(networksOf(config, Dhcp6()), subnetsOf(config, Dhcp6()), classes);
    return classes;
}

// Commands and a configuration backend can add classes and guards.
bool knowsAllClasses(const SrvConfig& config) {
    return !mayChangeWhileRunning(config) && !hasLibrary(config, "libdhcp_class_cmds");
}

template <typename Protocol>
ReadingContext::Places placesOf(const SrvConfig& config) {
    ReadingContext::Places places;
    for (const auto& subnet : subnetsOf(config, Protocol())) {
        places.subnets.insert(subnet->getID());
    }
    for (const auto& network : networksOf(config, Protocol())) {
        places.shared_networks.insert(network->getName());
    }
    return places;
}

std::string libraryParameters(const SrvConfig& config) {
    const isc::data::ConstElementPtr libraries = config.getHooksConfig().toElement();
    std::string text;
    for (const auto& library : libraries->listValue()) {
        const auto parameters = library->get("parameters");
        text += parameters ? parameters->str() : "";
    }
    return text;
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

ReadingContext readingContext(const SrvConfig& config, Option::Universe universe,
                              const Parameters& parameters) {
    ReadingContext context = {OptionDefinitions(universe, config.getCfgOptionDef()),
                              parameters.registered_class, std::nullopt, libraryParameters(config)};
    context.identifiers = parameters.identifiers.types;
    if (knowsAllClasses(config)) {
        context.classes = classesOf(config, parameters);
    }
    if (!mayChangeWhileRunning(config)) {
        context.places = universe == Option::V4 ? placesOf<Dhcp4>(config) : placesOf<Dhcp6>(config);
    }
    return context;
}

} // namespace user_chk
