// SPDX-License-Identifier: MPL-2.0
// Implements the reading of attributes.

#include <library/attribute_reader.h>

#include <config/identifier_settings.h>

#include <options/boot_options.h>
#include <options/options_for_both.h>
#include <options/user_options.h>
#include <policy/attribute_names.h>
#include <policy/user_rules.h>

#include <dhcpsrv/client_class_def.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace user_chk {

using isc::dhcp::ClientClass;
using isc::dhcp::Option;

namespace {

Option::Universe otherThan(Option::Universe universe) {
    return universe == Option::V4 ? Option::V6 : Option::V4;
}

const OptionDefinitions& standardDefinitions(Option::Universe universe) {
    static const OptionDefinitions V4 = OptionDefinitions::standard(Option::V4);
    static const OptionDefinitions V6 = OptionDefinitions::standard(Option::V6);
    return universe == Option::V4 ? V4 : V6;
}

bool mayMatter(const ClientClass& name, const ReadingContext& context) {
    return !context.classes || context.classes->count(name) != 0 ||
           context.library_parameters.find(name) != std::string::npos ||
           isc::dhcp::isClientClassBuiltIn(name);
}

void remarkOnClasses(const UserRules& rules, const ReadingContext& context,
                     std::vector<std::string>& remarks) {
    for (const ClientClass& name : rules.client_classes) {
        if (!mayMatter(name, context)) {
            remarks.push_back(
                "the client class " + name +
                " does nothing: the server's configuration neither defines it nor uses it as a guard");
        }
    }
}

// Warns of a record whose type of identifier is never looked up, such as a switch port's. A type that both
// protocols have may be meant for the other server.
void remarkOnType(UserId::UserIdType type, const ReadingContext& context, std::vector<std::string>& remarks) {
    const auto& met = context.identifiers;
    const bool is_own = type == UserId::HW_ADDRESS || type == UserId::DUID; // may be the default user's
    if (!is_own && std::count(met.begin(), met.end(), type) == 0) {
        remarks.push_back("clients are not looked up by " + UserId::lookupTypeStr(type) + ": " +
                          identifierName(type) + " is not in identifiers");
    }
}

void remarkOnScope(const UserRules& rules, const ReadingContext& context, std::vector<std::string>& remarks) {
    if (!rules.scope || !context.places) {
        return;
    }
    const auto remark = [&](const std::string& place, const std::string& attribute) {
        remarks.push_back(place + " in " + attribute + " is not configured");
    };
    for (const isc::dhcp::SubnetID id : rules.scope->subnets) {
        if (context.places->subnets.count(id) == 0) {
            remark("the subnet " + std::to_string(id), "subnets");
        }
    }
    for (const std::string& name : rules.scope->shared_networks) {
        if (context.places->shared_networks.count(name) == 0) {
            remark("the shared network " + name, "shared-networks");
        }
    }
}

// Unregistered clients in the class of registered clients would pass all guards.
std::string reasonAgainstDefault(const UserRules& rules, const ReadingContext& context) {
    const auto& classes = rules.client_classes;
    return std::count(classes.begin(), classes.end(), context.registered_class) == 0
               ? std::string()
               : "invalid client-classes: unregistered clients must not have the class of registered "
                 "clients, " +
                     context.registered_class;
}

// Returns the options of this server's protocol.
std::shared_ptr<const UserOptions> optionsHere(const PropertyMap& attributes, const ReadingContext& context,
                                               GoodFor good_for, std::vector<std::string>& remarks) {
    const OptionDefinitions& there = standardDefinitions(otherThan(context.definitions.universe()));
    return UserOptions::parse(optionsOf(attributes, context.definitions, there, good_for, remarks),
                              context.definitions, remarks);
}

void remarkForThisServer(const UserRules& rules, const PropertyMap& attributes, const ReadingContext& context,
                         std::vector<std::string>& remarks) {
    if (context.definitions.universe() == Option::V6) {
        remarkOnTftpServer(attributes, remarks);
    }
    remarkOnNames(attributes, remarks);
    remarkOnClasses(rules, context, remarks);
    remarkOnScope(rules, context, remarks);
}

void checkForTheOther(const PropertyMap& attributes, Option::Universe universe) {
    std::vector<std::string> remarks; // left to the other server
    static_cast<void>(UserOptions::parse(attributes, standardDefinitions(universe), remarks));
}

Meaning read(UserId::UserIdType type, const PropertyMap& attributes, const ReadingContext& context) {
    Meaning meaning;
    UserRules rules = UserRules::parse(attributes);
    meaning.not_for_default = reasonAgainstDefault(rules, context);
    const auto protocol = protocolOf(type);
    if (!protocol) {
        rules.options = optionsHere(attributes, context, GoodFor::EITHER, meaning.remarks);
        remarkForThisServer(rules, attributes, context, meaning.remarks);
    } else if (*protocol == context.definitions.universe()) {
        rules.options = UserOptions::parse(attributes, context.definitions, meaning.remarks);
        remarkOnType(type, context, meaning.remarks);
        remarkForThisServer(rules, attributes, context, meaning.remarks);
    } else {
        checkForTheOther(attributes, *protocol);
        std::vector<std::string> remarks; // left to the other server
        const auto& met = context.identifiers;
        if (std::count(met.begin(), met.end(), type) != 0) {
            rules.options = optionsHere(attributes, context, GoodFor::OTHER, remarks);
        }
    }
    if (!rules.empty()) {
        meaning.rules = std::make_shared<const UserRules>(std::move(rules));
    }
    return meaning;
}

} // namespace

std::optional<Option::Universe> protocolOf(UserId::UserIdType type) {
    switch (type) {
    case UserId::HW_ADDRESS:
    case UserId::CLIENT_ID:
    case UserId::CIRCUIT_ID:
        return Option::V4;
    case UserId::DUID:
    case UserId::INTERFACE_ID:
        return Option::V6;
    default:
        return std::nullopt;
    }
}

AttributeReader makeAttributeReader(std::shared_ptr<const Published<ReadingContext>> context) {
    return [context = std::move(context)](UserId::UserIdType type, const PropertyMap& attributes) {
        return read(type, attributes, *context->get());
    };
}

} // namespace user_chk
