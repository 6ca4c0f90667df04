// SPDX-License-Identifier: MPL-2.0
// Implements the parsing of PlacementSettings.

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

// Made once: contexts are read for each query.
const std::string UNREGISTERED = "unregistered-clients";
const std::string RESTRICTED_ID = "restricted-subnet-id";
const std::string NAK = "nak-moved-clients";
const std::string CONTEXT = "user-chk";

// Kea keeps 0 for the global scope and the highest number for none.
constexpr int64_t LAST_SUBNET_ID = int64_t(std::numeric_limits<SubnetID>::max()) - 1;

SubnetID parseSubnetId(int64_t given) {
    if (given < 1 || given > LAST_SUBNET_ID) {
        isc_throw(DhcpConfigError,
                  "invalid " << RESTRICTED_ID << ": " << given << ", must be 1 to " << LAST_SUBNET_ID);
    }
    return static_cast<SubnetID>(given);
}

} // namespace

const SimpleKeywords& PlacementSettings::keywords() {
    static const SimpleKeywords KEYWORDS = {
        {UNREGISTERED, Element::string}, {RESTRICTED_ID, Element::integer}, {NAK, Element::boolean}};
    return KEYWORDS;
}

void PlacementSettings::take(const ConstElementPtr& settings) {
    parseChoice(settings, UNREGISTERED,
                {{"restrict", Unregistered::RESTRICT},
                 {"drop", Unregistered::DROP},
                 {"classify", Unregistered::CLASSIFY}},
                unregistered_clients);
    if (const ConstElementPtr id = settings->get(RESTRICTED_ID)) {
        restricted_subnet_id = parseSubnetId(id->intValue());
    }
    if (const ConstElementPtr nak = settings->get(NAK)) {
        nak_moved_clients = nak->boolValue();
    }
}

void PlacementSettings::takeContext(const ConstElementPtr& context) {
    if (!context || context->getType() != Element::map) {
        return;
    }
    const ConstElementPtr settings = context->get(CONTEXT);
    if (!settings) {
        return;
    }
    if (settings->getType() != Element::map) {
        isc_throw(DhcpConfigError, "invalid " << CONTEXT << ": " << settings->str() << ", must be a map");
    }
    SimpleParser::checkKeywords(keywords(), settings);
    take(settings);
}

bool PlacementSettings::isInContext(const ConstElementPtr& context, const std::string& setting) {
    const ConstElementPtr settings =
        context && context->getType() == Element::map ? context->get(CONTEXT) : ConstElementPtr();
    return settings && settings->getType() == Element::map && settings->contains(setting);
}

} // namespace user_chk
