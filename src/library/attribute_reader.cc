// SPDX-License-Identifier: MPL-2.0
// Implements the reading of attributes.

#include <library/attribute_reader.h>

#include <options/boot_options.h>
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

Option::Universe protocolOf(UserId::UserIdType type) {
    return type == UserId::HW_ADDRESS ? Option::V4 : Option::V6;
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
                " does nothing: the server's configuration neither defines it nor has a guard for it");
        }
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

// Strangers in the class of registered clients would pass all guards.
std::string reasonAgainstDefault(const UserRules& rules, const ReadingContext& context) {
    const auto& classes = rules.client_classes;
    return std::count(classes.begin(), classes.end(), context.registered_class) == 0
               ? std::string()
               : "invalid client-classes: clients that are not registered may not have the class of those "
                 "that are, " +
                     context.registered_class;
}

void readForThisServer(UserRules& rules, const PropertyMap& attributes, const ReadingContext& context,
                       std::vector<std::string>& remarks) {
    rules.options = UserOptions::parse(attributes, context.definitions, remarks);
    if (context.definitions.universe() == Option::V6) {
        remarkOnTftpServer(attributes, remarks);
    }
    remarkOnNames(attributes, remarks);
    remarkOnClasses(rules, context, remarks);
    remarkOnScope(rules, context, remarks);
}

void checkForTheOther(const PropertyMap& attributes, Option::Universe universe) {
    std::vector<std::string> remarks; // for the other server to make
    static_cast<void>(UserOptions::parse(attributes, standardDefinitions(universe), remarks));
}

Meaning read(UserId::UserIdType type, const PropertyMap& attributes, const ReadingContext& context) {
    Meaning meaning;
    UserRules rules = UserRules::parse(attributes);
    meaning.not_for_default = reasonAgainstDefault(rules, context);
    if (protocolOf(type) == context.definitions.universe()) {
        readForThisServer(rules, attributes, context, meaning.remarks);
    } else {
        checkForTheOther(attributes, protocolOf(type));
    }
    if (!rules.empty()) {
        meaning.rules = std::make_shared<const UserRules>(std::move(rules));
    }
    return meaning;
}

} // namespace

AttributeReader makeAttributeReader(std::shared_ptr<const Published<ReadingContext>> context) {
    return [context = std::move(context)](UserId::UserIdType type, const PropertyMap& attributes) {
        return read(type, attributes, *context->get());
    };
}

} // namespace user_chk
