// SPDX-License-Identifier: MPL-2.0
// Implements what is asked of a server's configuration.

#include <hooks/server_config.h>

#include <kea_compat.h>

#include <dhcpsrv/client_class_def.h>

#include <algorithm>
#include <set>

namespace user_chk {

using namespace isc::dhcp;

namespace {

bool hasLibrary(const SrvConfig& config, const std::string& name) {
    const auto libraries = isc::hooks::extractNames(config.getHooksConfig().get());
    return std::any_of(libraries.begin(), libraries.end(),
                       [&](const std::string& library) { return library.find(name) != std::string::npos; });
}

typedef std::set<ClientClass> Classes;

template <typename Thing>
void addGuards(const Thing& thing, Classes& classes) {
    for (const ClientClass& guard : kea::guardsOf(thing)) {
        classes.insert(guard);
    }
}

template <typename Networks, typename Subnets>
void addGuards(const Networks& networks, const Subnets& subnets, std::initializer_list<Lease::Type> types,
               Classes& classes) {
    for (const auto& network : networks) {
        addGuards(*network, classes);
    }
    for (const auto& subnet : subnets) {
        addGuards(*subnet, classes);
        for (const Lease::Type type : types) {
            for (const auto& pool : subnet->getPools(type)) {
                addGuards(*pool, classes);
            }
        }
    }
}

// The classes that make a difference somewhere: those that are defined, and those that are guards.
Classes classesOf(const SrvConfig& config, const Parameters& parameters) {
    Classes classes = {parameters.registered_class, parameters.unregistered_class};
    for (const auto& defined : *config.getClientClassDictionary()->getClasses()) {
        classes.insert(defined->getName());
    }
    addGuards(*config.getCfgSharedNetworks4()->getAll(), *config.getCfgSubnets4()->getAll(), {Lease::TYPE_V4},
              classes);
    addGuards(*config.getCfgSharedNetworks6()->getAll(), *config.getCfgSubnets6()->getAll(),
              {Lease::TYPE_NA, Lease::TYPE_TA, Lease::TYPE_PD}, classes);
    return classes;
}

// Commands and a configuration backend bring classes and guards.
bool knowsAllClasses(const SrvConfig& config) {
    return !mayChangeWhileRunning(config) && !hasLibrary(config, "libdhcp_class_cmds");
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

ReadingContext readingContext(const SrvConfig& config, Option::Universe universe,
                              const Parameters& parameters) {
    ReadingContext context = {OptionDefinitions(universe, config.getCfgOptionDef()),
                              parameters.registered_class, std::nullopt, libraryParameters(config)};
    if (knowsAllClasses(config)) {
        context.classes = classesOf(config, parameters);
    }
    return context;
}

} // namespace user_chk
