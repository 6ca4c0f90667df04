// SPDX-License-Identifier: MPL-2.0
// Implements PlacementSettings and the parsing of PlacementOverrides.

#include <config/placement_settings.h>

#include <config/choice.h>

#include <limits>

namespace user_chk {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::SimpleKeywords;
using isc::data::SimpleParser;
using isc::dhcp::DhcpConfigError;
using isc::dhcp::SubnetID;

namespace {

const std::string UNREGISTERED = "unregistered-clients";
const std::string RESTRICTED_ID = "restricted-subnet-id";
const std::string NAK = "nak-moved-clients";
const std::string CONTEXT = "user-chk";

// Kea reserves 0 for the global scope and the highest number for "unused".
constexpr int64_t LAST_SUBNET_ID = int64_t(std::numeric_limits<SubnetID>::max()) - 1;

SubnetID parseSubnetId(int64_t given) {
    if (given < 1 || given > LAST_SUBNET_ID) {
        isc_throw(DhcpConfigError,
                  "invalid " << RESTRICTED_ID << ": " << given << ", must be 1 to " << LAST_SUBNET_ID);
    }
    return static_cast<SubnetID>(given);
}

// Returns the value of an optional string in a map, none when it is absent.
std::optional<PlacementSettings::Unregistered> parseUnregistered(const ConstElementPtr& settings) {
    if (!settings->contains(UNREGISTERED)) {
        return std::nullopt;
    }
    auto unregistered = PlacementSettings::Unregistered::RESTRICT;
    parseChoice(settings, UNREGISTERED,
                {{"restrict", PlacementSettings::Unregistered::RESTRICT},
                 {"drop", PlacementSettings::Unregistered::DROP},
                 {"classify", PlacementSettings::Unregistered::CLASSIFY}},
                unregistered);
    return unregistered;
}

} // namespace

PlacementSettings PlacementSettings::with(const PlacementOverrides& place) const {
    PlacementSettings settings = *this;
    settings.unregistered_clients = place.unregistered_clients.value_or(unregistered_clients);
    settings.nak_moved_clients = place.nak_moved_clients.value_or(nak_moved_clients);
    if (place.restricted_subnet_id) {
        settings.restricted_subnet_id = place.restricted_subnet_id;
    }
    return settings;
}

const SimpleKeywords& PlacementOverrides::keywords() {
    static const SimpleKeywords KEYWORDS = {
        {UNREGISTERED, Element::string}, {RESTRICTED_ID, Element::integer}, {NAK, Element::boolean}};
    return KEYWORDS;
}

PlacementOverrides PlacementOverrides::parse(const ConstElementPtr& settings) {
    PlacementOverrides overrides;
    overrides.unregistered_clients = parseUnregistered(settings);
    if (const ConstElementPtr id = settings->get(RESTRICTED_ID)) {
        overrides.restricted_subnet_id = parseSubnetId(id->intValue());
    }
    if (const ConstElementPtr nak = settings->get(NAK)) {
        overrides.nak_moved_clients = nak->boolValue();
    }
    return overrides;
}

PlacementOverrides PlacementOverrides::ofContext(const ConstElementPtr& context) {
    const ConstElementPtr settings =
        context && context->getType() == Element::map ? context->get(CONTEXT) : ConstElementPtr();
    if (!settings) {
        return PlacementOverrides();
    }
    if (settings->getType() != Element::map) {
        isc_throw(DhcpConfigError, "invalid " << CONTEXT << ": " << settings->str() << ", must be a map");
    }
    SimpleParser::checkKeywords(keywords(), settings);
    return parse(settings);
}

void PlacementOverrides::takeMissing(const PlacementOverrides& other) {
    if (!unregistered_clients) {
        unregistered_clients = other.unregistered_clients;
    }
    if (!restricted_subnet_id) {
        restricted_subnet_id = other.restricted_subnet_id;
    }
    if (!nak_moved_clients) {
        nak_moved_clients = other.nak_moved_clients;
    }
}

} // namespace user_chk
