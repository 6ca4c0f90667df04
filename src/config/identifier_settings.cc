// SPDX-License-Identifier: MPL-2.0
// Implements the parsing of IdentifierSettings.

#include <config/identifier_settings.h>

#include <cc/dhcp_config_error.h>

#include <algorithm>
#include <array>

namespace user_chk {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::data::SimpleKeywords;
using isc::dhcp::DhcpConfigError;
using isc::dhcp::Option;

namespace {

struct Identifier {
    const char* name;
    bool v4; // whether a DHCPv4 query may carry it
    bool v6; // whether a DHCPv6 query may carry it
};

// In the order of the types.
constexpr std::array<Identifier, UserId::TYPES> IDENTIFIERS = {{{"hw-address", true, true},
                                                                {"duid", true, true},
                                                                {"client-id", true, false},
                                                                {"circuit-id", true, false},
                                                                {"interface-id", false, true},
                                                                {"remote-id", true, true},
                                                                {"subscriber-id", true, true},
                                                                {"flex-id", true, true}}};

bool isOf(const Identifier& identifier, Option::Universe universe) {
    return universe == Option::V4 ? identifier.v4 : identifier.v6;
}

std::string namesOf(Option::Universe universe) {
    std::string names;
    for (const Identifier& identifier : IDENTIFIERS) {
        if (isOf(identifier, universe)) {
            names.append(names.empty() ? "" : ", ").append(identifier.name);
        }
    }
    return names;
}

UserId::UserIdType typeNamed(const ConstElementPtr& element, Option::Universe universe) {
    if (element->getType() != Element::string) {
        isc_throw(DhcpConfigError, "invalid identifiers: " << element->str() << ", must be a name");
    }
    const std::string name = element->stringValue();
    for (size_t type = 0; type < IDENTIFIERS.size(); ++type) {
        if (name == IDENTIFIERS[type].name && isOf(IDENTIFIERS[type], universe)) {
            return static_cast<UserId::UserIdType>(type);
        }
    }
    isc_throw(DhcpConfigError, "invalid identifiers: '" << name << "', must be one of " << namesOf(universe));
}

std::vector<UserId::UserIdType> parseTypes(const ConstElementPtr& list, Option::Universe universe) {
    std::vector<UserId::UserIdType> types;
    for (const ElementPtr& element : list->listValue()) {
        const UserId::UserIdType type = typeNamed(element, universe);
        if (std::count(types.begin(), types.end(), type) != 0) {
            isc_throw(DhcpConfigError,
                      "invalid identifiers: '" << identifierName(type) << "' is listed twice");
        }
        types.push_back(type);
    }
    if (types.empty()) {
        isc_throw(DhcpConfigError,
                  "invalid identifiers: the list is empty, must have one or more of " << namesOf(universe));
    }
    return types;
}

} // namespace

const char* identifierName(UserId::UserIdType type) {
    return IDENTIFIERS.at(static_cast<size_t>(type)).name;
}

bool IdentifierSettings::has(UserId::UserIdType type, UserId::UserIdType own) const {
    return types.empty() ? type == own : std::count(types.begin(), types.end(), type) != 0;
}

const SimpleKeywords& IdentifierSettings::keywords() {
    static const SimpleKeywords KEYWORDS = {{"identifiers", Element::list},
                                            {"identifier-expression", Element::string}};
    return KEYWORDS;
}

IdentifierSettings IdentifierSettings::parse(const ConstElementPtr& parameters, Option::Universe universe) {
    IdentifierSettings parsed;
    if (parameters && parameters->contains("identifiers")) {
        parsed.types = parseTypes(parameters->get("identifiers"), universe);
    }
    if (parameters && parameters->contains("identifier-expression")) {
        parsed.expression = parameters->get("identifier-expression")->stringValue();
    }
    const bool is_used = std::count(parsed.types.begin(), parsed.types.end(), UserId::FLEX_ID) != 0;
    const bool is_given = parsed.expression.find_first_not_of(" \t\r\n") != std::string::npos;
    if (is_used && !is_given) {
        isc_throw(DhcpConfigError, "identifier-expression is missing, flex-id in identifiers requires it");
    }
    if (!is_used && parameters && parameters->contains("identifier-expression")) {
        isc_throw(DhcpConfigError, "identifier-expression requires flex-id in identifiers");
    }
    return parsed;
}

ElementPtr IdentifierSettings::inForce(UserId::UserIdType own) const {
    ElementPtr list = Element::createList();
    for (const UserId::UserIdType type : types.empty() ? std::vector<UserId::UserIdType>{own} : types) {
        list->add(Element::create(std::string(identifierName(type))));
    }
    return list;
}

} // namespace user_chk
