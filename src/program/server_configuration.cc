// SPDX-License-Identifier: MPL-2.0
// Implements ServerConfiguration. What a running server finds out from its parsed configuration (see
// hooks/server_config.h) is read from the text here: parsing all of it would take the server itself.

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <program/server_configuration.h>

#include <program/kea_json.h>

#include <cc/simple_parser.h>
#include <dhcpsrv/parsers/dhcp_parsers.h>
#include <dhcpsrv/parsers/simple_parser4.h>
#include <dhcpsrv/parsers/simple_parser6.h>
#include <exceptions/exceptions.h>

#include <boost/algorithm/string/predicate.hpp>
#include <boost/make_shared.hpp>

#include <sys/socket.h>

#include <functional>
#include <set>
#include <vector>

namespace user_chk::program {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::data::SimpleParser;
using isc::dhcp::ClientClass;
using isc::dhcp::Option;
using isc::dhcp::SimpleParser4;
using isc::dhcp::SimpleParser6;

namespace {

// Returns the maps in a list of a map; none when there is no such list.
std::vector<ConstElementPtr> mapsIn(const ConstElementPtr& map, const std::string& name) {
    std::vector<ConstElementPtr> maps;
    const ConstElementPtr list = map->get(name);
    if (list && list->getType() == Element::list) {
        for (const ConstElementPtr element : list->listValue()) {
            if (element->getType() == Element::map) {
                maps.push_back(element);
            }
        }
    }
    return maps;
}

std::string stringIn(const ConstElementPtr& map, const std::string& name) {
    const ConstElementPtr value = map->get(name);
    return value && value->getType() == Element::string ? value->stringValue() : std::string();
}

// The text of a server's configuration.
class ConfigurationText {
public:
    ConfigurationText(const ConstElementPtr& server, Option::Universe universe)
        : server_(server), subnet_(universe == Option::V4 ? "subnet4" : "subnet6"), universe_(universe) {}

    // In the order in which Kea numbers subnets without an id.
    std::vector<ConstElementPtr> subnets() const {
        std::vector<ConstElementPtr> subnets;
        for (const ConstElementPtr& network : mapsIn(server_, "shared-networks")) {
            const auto within = mapsIn(network, subnet_);
            subnets.insert(subnets.end(), within.begin(), within.end());
        }
        const auto others = mapsIn(server_, subnet_);
        subnets.insert(subnets.end(), others.begin(), others.end());
        return subnets;
    }

    ReadingContext::Places places() const {
        ReadingContext::Places places;
        isc::dhcp::SubnetID next = 1;
        for (const ConstElementPtr& subnet : subnets()) {
            const ConstElementPtr id = subnet->get("id");
            const bool is_given = id && id->getType() == Element::integer && id->intValue() != 0;
            places.subnets.insert(is_given ? static_cast<isc::dhcp::SubnetID>(id->intValue()) : next++);
        }
        for (const ConstElementPtr& network : mapsIn(server_, "shared-networks")) {
            places.shared_networks.insert(stringIn(network, "name"));
        }
        return places;
    }

    // Returns the defined classes, and those that are used as guards.
    std::set<ClientClass> classes() const {
        std::set<ClientClass> classes;
        for (const ConstElementPtr& defined : mapsIn(server_, "client-classes")) {
            classes.insert(stringIn(defined, "name"));
        }
        for (const ConstElementPtr& network : mapsIn(server_, "shared-networks")) {
            addGuards(network, classes);
        }
        for (const ConstElementPtr& subnet : subnets()) {
            addGuards(subnet, classes);
            for (const char* pools : {"pools", "pd-pools"}) {
                for (const ConstElementPtr& pool : mapsIn(subnet, pools)) {
                    addGuards(pool, classes);
                }
            }
        }
        return classes;
    }

    isc::dhcp::CfgOptionDefPtr definitions() const {
        auto definitions = boost::make_shared<isc::dhcp::CfgOptionDef>();
        if (const ConstElementPtr given = server_->get("option-def")) {
            const bool is_v4 = universe_ == Option::V4;
            const ElementPtr list = isc::data::copy(given);
            for (const ElementPtr& definition : list->listValue()) {
                definition->remove("comment"); // the server's parser turns it into a user context
            }
            SimpleParser::setListDefaults(list, is_v4 ? SimpleParser4::OPTION4_DEF_DEFAULTS
                                                      : SimpleParser6::OPTION6_DEF_DEFAULTS);
            isc::dhcp::OptionDefListParser(is_v4 ? AF_INET : AF_INET6).parse(definitions, list);
        }
        return definitions;
    }

    bool hasLibrary(const std::string& name) const { return libraryNamed(name) != nullptr; }

    // Returns the entry of the library with this in its path, a null pointer when there is none.
    ConstElementPtr libraryNamed(const std::string& name) const {
        for (const ConstElementPtr& library : mapsIn(server_, "hooks-libraries")) {
            if (boost::contains(stringIn(library, "library"), name)) {
                return library;
            }
        }
        return nullptr;
    }

    std::string parametersOfAll() const {
        std::string text;
        for (const ConstElementPtr& library : mapsIn(server_, "hooks-libraries")) {
            const ConstElementPtr parameters = library->get("parameters");
            text += parameters ? parameters->str() : "";
        }
        return text;
    }

    bool mayChangeWhileRunning() const {
        return server_->contains("config-control") || hasLibrary("libdhcp_subnet_cmds");
    }

private:
    // A name up to Kea 2.6, a list of names since then.
    static void addGuards(const ConstElementPtr& place, std::set<ClientClass>& classes) {
        classes.insert(stringIn(place, "client-class"));
        const ConstElementPtr list = place->get("client-classes");
        if (list && list->getType() == Element::list) {
            for (const ConstElementPtr name : list->listValue()) {
                classes.insert(name->stringValue());
            }
        }
    }

    const ConstElementPtr server_;
    const std::string subnet_;
    const Option::Universe universe_;
};

Parameters parametersIn(const ConstElementPtr& library, Option::Universe universe) {
    const ConstElementPtr given = library ? library->get("parameters") : nullptr;
    Parameters parameters = Parameters::parse(given);
    parameters.identifiers = IdentifierSettings::parse(given, universe);
    return parameters;
}

ReadingContext contextIn(const ConfigurationText& text, Option::Universe universe,
                         const Parameters& parameters) {
    ReadingContext context = {OptionDefinitions(universe, text.definitions()), parameters.registered_class,
                              std::nullopt, text.parametersOfAll()};
    context.identifiers = parameters.identifiers.types;
    if (!text.mayChangeWhileRunning() && !text.hasLibrary("libdhcp_class_cmds")) {
        context.classes = text.classes();
        context.classes->insert({parameters.registered_class, parameters.unregistered_class});
    }
    if (!text.mayChangeWhileRunning()) {
        context.places = text.places();
    }
    return context;
}

} // namespace

ServerConfiguration ServerConfiguration::read(const std::string& path) {
    const ConstElementPtr root = readConfiguration(path);
    const bool is_v4 = root->getType() == Element::map && root->contains("Dhcp4");
    const bool is_v6 = root->getType() == Element::map && root->contains("Dhcp6");
    if (is_v4 == is_v6) {
        isc_throw(isc::BadValue, path << ": must have one of Dhcp4 and Dhcp6");
    }
    const Option::Universe universe = is_v4 ? Option::V4 : Option::V6;
    try {
        const ConfigurationText text(root->get(is_v4 ? "Dhcp4" : "Dhcp6"), universe);
        const ConstElementPtr library = text.libraryNamed("libdhcp_user_chk.so");
        const Parameters parameters = parametersIn(library, universe);
        return {path, universe, library != nullptr, parameters, contextIn(text, universe, parameters)};
    } catch (const std::exception& ex) {
        isc_throw(isc::BadValue, path << ": " << ex.what());
    }
}

ReadingContext contextOfUnknown(Option::Universe universe) {
    ReadingContext context = {OptionDefinitions::standard(universe), Parameters().registered_class,
                              std::nullopt, std::string()};
    for (int type = 0; type < static_cast<int>(UserId::TYPES); ++type) {
        const auto of = static_cast<UserId::UserIdType>(type);
        if (protocolOf(of).value_or(universe) == universe) {
            context.identifiers.push_back(of);
        }
    }
    return context;
}

} // namespace user_chk::program
