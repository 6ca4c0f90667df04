// SPDX-License-Identifier: MPL-2.0
// Implements the explanation of options.

#include <commands/explained_options.h>

#include <options/dress.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/docsis3_option_defs.h>
#include <dhcp/option_vendor.h>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace user_chk {

using namespace isc::dhcp;
using isc::data::Element;
using isc::data::ElementPtr;

namespace {

// A response in which everything that the attributes can put there finds its place.
Pkt4 emptyResponse(const Dhcp4&) {
    return {DHCPACK, 0};
}

Pkt6 emptyResponse(const Dhcp6&) {
    Pkt6 response(DHCPV6_REPLY, 0);
    response.addOption(boost::make_shared<OptionVendor>(Option::V6, VENDOR_ID_CABLE_LABS));
    return response;
}

// Hex digits in lower case, as ids have them.
std::string hexOf(const Option& option) {
    return boost::algorithm::to_lower_copy(option.toHexString());
}

// Of what space the options within an option are.
std::string spaceWithin(const OptionPtr& option) {
    const auto vendor = boost::dynamic_pointer_cast<OptionVendor>(option);
    return vendor ? "vendor-" + std::to_string(vendor->getVendorId()) : option->getEncapsulatedSpace();
}

// Options by their codes. The message type is the response's own.
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

} // namespace user_chk
