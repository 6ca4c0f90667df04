// SPDX-License-Identifier: MPL-2.0
// Implements the command that explains what a client would get.

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <commands/commands.h>

#include <commands/answer.h>
#include <commands/client_argument.h>
#include <config/places.h>
#include <options/dress.h>
#include <policy/placement.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/docsis3_option_defs.h>
#include <dhcp/option_vendor.h>
#include <dhcpsrv/cfgmgr.h>
#include <exceptions/exceptions.h>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace user_chk {

using namespace isc::dhcp;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::data::SimpleKeywords;

namespace {

// Returns a response with room for everything that attributes can put into it.
Pkt4 emptyResponse(const Dhcp4&) {
    return {DHCPACK, 0};
}

Pkt6 emptyResponse(const Dhcp6&) {
    Pkt6 response(DHCPV6_REPLY, 0);
    response.addOption(boost::make_shared<OptionVendor>(Option::V6, VENDOR_ID_CABLE_LABS));
    return response;
}

// Returns hex digits in lower case, as in ids.
std::string hexOf(const Option& option) {
    return boost::algorithm::to_lower_copy(option.toHexString());
}

// Returns the option space of the suboptions of an option.
std::string spaceWithin(const OptionPtr& option) {
    const auto vendor = boost::dynamic_pointer_cast<OptionVendor>(option);
    return vendor ? "vendor-" + std::to_string(vendor->getVendorId()) : option->getEncapsulatedSpace();
}

// Lists options by their codes. The message type belongs to the response itself.
ElementPtr toElement(const OptionCollection& options, const std::string& space,
                     const OptionDefinitions& definitions) {
    ElementPtr list = Element::createList();
    for (const auto& [code, option] : options) {
        const bool empty_vendor =
            code == D6O_VENDOR_OPTS && space == DHCP6_OPTION_SPACE && option->getOptions().empty();
        if ((code == DHO_DHCP_MESSAGE_TYPE && space == DHCP4_OPTION_SPACE) || empty_vendor) {
            continue;
        }
        ElementPtr element = Element::createMap();
        element->set("code", Element::create(int64_t(code)));
        if (const auto definition = definitions.find(space, static_cast<uint16_t>(code))) {
            element->set("name", Element::create(definition->getName()));
        }
        element->set("data", Element::create(hexOf(*option)));
        if (!option->getOptions().empty()) {
            element->set("options", toElement(option->getOptions(), spaceWithin(option), definitions));
        }
        list->add(element);
    }
    return list;
}

void explainHeader(const ElementPtr& answer, const Pkt4& response) {
    if (!response.getSiaddr().isV4Zero()) {
        answer->set("next-server", Element::create(response.getSiaddr().toText()));
    }
    const std::vector<uint8_t>& file = response.getFile();
    const std::string name(file.begin(), std::find(file.begin(), file.end(), 0));
    if (!name.empty()) {
        answer->set("boot-file-name", Element::create(name));
    }
}

void explainHeader(const ElementPtr&, const Pkt6&) {}

const SimpleKeywords KEYWORDS = {{"type", Element::string},
                                 {"id", Element::string},
                                 {"identifiers", Element::list},
                                 {"subnet-id", Element::integer}};

auto currentSubnets(const Dhcp4&) {
    return CfgMgr::instance().getCurrentCfg()->getCfgSubnets4();
}

auto currentSubnets(const Dhcp6&) {
    return CfgMgr::instance().getCurrentCfg()->getCfgSubnets6();
}

// Returns the types by which clients of this server are looked up, in order.
template <typename Protocol>
std::vector<UserId::UserIdType> typesLookedUp(const UserChk& user_chk) {
    const auto& types = user_chk.parameters().identifiers.types;
    return types.empty() ? std::vector<UserId::UserIdType>{Protocol::ID_TYPE} : types;
}

// Returns the subnet in the argument `subnet-id`, a null pointer when there is none.
template <typename Subnets>
typename Subnets::value_type selectedSubnet(const ConstElementPtr& arguments, const Subnets& subnets) {
    const ConstElementPtr given = arguments->get("subnet-id");
    if (!given) {
        return nullptr;
    }
    const int64_t id = given->intValue();
    for (const auto& subnet : subnets) {
        if (int64_t(subnet->getID()) == id) {
            return subnet;
        }
    }
    isc_throw(isc::BadValue, "subnet " << id << " is not configured");
}

const char* wordFor(Placement placement) {
    switch (placement) {
    case Placement::RESTRICTED:
        return "restricted";
    case Placement::DROPPED:
    case Placement::GONE:
        return "dropped";
    default:
        return "selected";
    }
}

ElementPtr text(const std::string& value) {
    return Element::create(value);
}

// Explains an identifier: whether the registry has it, and which record that is, if its id is another one.
bool explainRecord(const ElementPtr& answer, const Users& users, const UserId& id) {
    const auto [attributes, by] = users.match(id);
    if (attributes == nullptr) {
        return false;
    }
    const UserId found_by = by.idOf(id);
    const UserId& main = mainIdOf(found_by, *users.entryOf(found_by));
    if (main != id) {
        const ElementPtr record = Element::createMap();
        setUserId(record, main);
        answer->set("record", record);
    }
    return true;
}

// Explains which identifier decided, and which others the registry has.
void explainIdentifiers(const ElementPtr& answer, const Users& users, const Verdict& verdict) {
    const ClientIds& client = verdict.client;
    setUserId(answer, client.id ? *client.id : client.at(0));
    if (client.count() == 1) {
        explainRecord(answer, users, client.at(0));
        return;
    }
    const ElementPtr list = Element::createList();
    bool decided = false;
    for (size_t place = 0; place < client.count(); ++place) {
        const UserId& id = client.at(place);
        const ElementPtr identifier = Element::createMap();
        setUserId(identifier, id);
        const bool found = explainRecord(identifier, users, id);
        identifier->set("found", Element::create(found));
        identifier->set("decides", Element::create(found && !decided));
        decided = decided || found;
        list->add(identifier);
    }
    answer->set("identifiers", list);
}

void explainVerdict(const ElementPtr& answer, const Verdict& verdict) {
    answer->set("found", Element::create(verdict.found));
    answer->set("standing", text(wordOf(verdict.standing)));
    answer->set("registered", Element::create(verdict.registered()));
    answer->set("reason", text(reasonOf(verdict)));
    if (verdict.seconds_left) {
        answer->set("valid-lifetime-at-most", Element::create(int64_t(*verdict.seconds_left)));
    }
}

// Explains where the registration is valid, as the record says.
void explainScope(const ElementPtr& answer, const Users& users, const Verdict& verdict) {
    const UserId* id = verdict.matched() != nullptr ? verdict.matched() : verdict.recordedId();
    const UserAttributes* own = verdict.found ? users.match(*id).first : nullptr;
    if (own == nullptr) {
        return;
    }
    for (const char* name : {"subnets", "shared-networks"}) {
        const auto given = own->properties.find(name);
        if (given != own->properties.end()) {
            answer->set(name, text(given->second));
        }
    }
}

void explainClasses(const ElementPtr& answer, const UserChk& user_chk, const Verdict& verdict) {
    const ElementPtr classes = Element::createList();
    if (!verdict.denied()) {
        classes->add(text(user_chk.site().standingClass(verdict)));
        if (const UserRules* rules = verdict.rules()) {
            for (const isc::dhcp::ClientClass& name : rules->client_classes) {
                classes->add(text(name));
            }
        }
    }
    answer->set("client-classes", classes);
}

// Returns where a setting comes from, empty for the library's default.
template <typename Setting, typename SubnetPtr>
std::string decidedBy(std::optional<Setting> PlacementOverrides::*setting, const SubnetPtr& selected,
                      bool in_parameters) {
    const std::string place = selected ? whoSays(*selected, setting) : "";
    return place.empty() && in_parameters ? "parameters" : place;
}

// Returns which setting decides what happens to an unregistered client: the one that names the restricted
// subnet, or else the one that restricts.
template <typename SubnetPtr>
std::string decidedBy(Placement placement, const SubnetPtr& selected, const PlacementSettings& parameters) {
    std::string decider;
    if (placement == Placement::RESTRICTED || placement == Placement::GONE) {
        decider = decidedBy(&PlacementOverrides::restricted_subnet_id, selected,
                            parameters.restricted_subnet_id.has_value());
    }
    if (decider.empty()) {
        const bool given = parameters.unregistered_clients != PlacementSettings::Unregistered::RESTRICT;
        decider = decidedBy(&PlacementOverrides::unregistered_clients, selected, given);
    }
    return decider.empty() ? "default" : decider;
}

template <typename SubnetPtr, typename Subnets>
void explainPlacement(const ElementPtr& answer, const UserChk& user_chk, const Verdict& verdict,
                      const SubnetPtr& selected, const Subnets& subnets) {
    if (verdict.denied()) {
        answer->set("placement", text(wordFor(Placement::DROPPED)));
        answer->set("placement-decided-by", text("access"));
        return;
    }
    const PlacementSettings& parameters = user_chk.parameters().placement;
    const PlacementSettings in_force = user_chk.site().presumed(subnets);
    const PlacementSettings settings = selected ? settingsOf(*selected, in_force) : in_force;
    const auto [placement, subnet] = placed(verdict.registered(), settings, selected, subnets);
    answer->set("placement", text(wordFor(placement)));
    answer->set("placement-decided-by",
                text(verdict.registered() ? "registration" : decidedBy(placement, selected, parameters)));
    if (placement == Placement::GONE) {
        answer->set("problem", text("the restricted subnet with id " +
                                    std::to_string(*settings.restricted_subnet_id) + " is not configured"));
    }
    if (subnet && placement != Placement::DROPPED) {
        const ElementPtr known = Element::createMap();
        known->set("id", Element::create(int64_t(subnet->getID())));
        known->set("subnet", text(subnet->toText()));
        answer->set("subnet", known);
    }
}

} // namespace

template <typename Protocol>
void explainOptions(const ElementPtr& answer, const Verdict& verdict, const OptionDefinitions& definitions) {
    auto response = emptyResponse(Protocol());
    if (verdict.attributes) {
        dress(response, verdict.attributes->properties, verdict.options());
    }
    const std::string space = definitions.universe() == Option::V4 ? DHCP4_OPTION_SPACE : DHCP6_OPTION_SPACE;
    answer->set("options", toElement(response.options_, space, definitions));
    explainHeader(answer, response);
}

template void explainOptions<Dhcp4>(const ElementPtr& answer, const Verdict& verdict,
                                    const OptionDefinitions& definitions);
template void explainOptions<Dhcp6>(const ElementPtr& answer, const Verdict& verdict,
                                    const OptionDefinitions& definitions);

template <typename Protocol>
ConstElementPtr explain(UserChk& user_chk, const ConstElementPtr& arguments) {
    const ConstElementPtr given = checked(arguments, KEYWORDS, {});
    ClientIds client =
        clientOf(given, typesLookedUp<Protocol>(user_chk), Protocol::ID_TYPE, Protocol::SERVER);
    const auto configured = currentSubnets(Protocol()); // held while they are used, whatever the server does
    const auto& subnets = *configured->getAll();
    const auto selected = selectedSubnet(given, subnets);
    const auto is_within = [&](const Scope& scope) { return !selected || scope.includes(*selected); };
    const UsersPtr users = user_chk.users();
    const Verdict verdict =
        judge(users, Protocol::ID_TYPE, std::move(client), std::chrono::system_clock::now, is_within);
    const ElementPtr answer = Element::createMap();
    explainIdentifiers(answer, *users, verdict);
    explainVerdict(answer, verdict);
    explainScope(answer, *users, verdict);
    explainClasses(answer, user_chk, verdict);
    explainPlacement(answer, user_chk, verdict, selected, subnets);
    if (!verdict.denied()) {
        explainOptions<Protocol>(answer, verdict, *user_chk.optionDefinitions());
    }
    return success(clientText(verdict) + ": " + reasonOf(verdict), answer);
}

template ConstElementPtr explain<Dhcp4>(UserChk& user_chk, const ConstElementPtr& arguments);
template ConstElementPtr explain<Dhcp6>(UserChk& user_chk, const ConstElementPtr& arguments);

} // namespace user_chk
