// SPDX-License-Identifier: MPL-2.0
// Creates UserOptions from attributes.

#include <options/option_value.h>
#include <options/response_size.h>
#include <options/user_options.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option_space.h>
#include <dhcp/pkt4.h>
#include <exceptions/exceptions.h>

#include <boost/algorithm/string/predicate.hpp>

#include <limits>
#include <set>
#include <utility>

namespace user_chk {

using namespace isc::dhcp;

namespace {

const std::string OPTION_PREFIX = "option.";
const std::string VENDOR_PREFIX = "vendor-";

std::optional<uint32_t> toNumber(const std::string& text, uint32_t most) {
    if (text.empty() || text.size() > 10 || text.find_first_not_of("0123456789") != std::string::npos) {
        return std::nullopt;
    }
    const unsigned long long number = std::stoull(text);
    return number <= most ? std::optional<uint32_t>(static_cast<uint32_t>(number)) : std::nullopt;
}

[[noreturn]] void refuse(const std::string& attribute, const std::string& reason) {
    isc_throw(isc::BadValue, "invalid " << attribute << ": " << reason);
}

OptionName parseName(const std::string& attribute, Option::Universe universe) {
    OptionName parsed;
    parsed.space = universe == Option::V4 ? DHCP4_OPTION_SPACE : DHCP6_OPTION_SPACE;
    parsed.name = attribute.substr(OPTION_PREFIX.size());
    if (boost::starts_with(parsed.name, VENDOR_PREFIX) && parsed.name.find('.') != std::string::npos) {
        const size_t dot = parsed.name.find('.');
        const auto enterprise = toNumber(parsed.name.substr(VENDOR_PREFIX.size(), dot - VENDOR_PREFIX.size()),
                                         std::numeric_limits<uint32_t>::max());
        if (!enterprise || *enterprise == 0) {
            refuse(attribute, "an enterprise number must follow vendor-");
        }
        parsed.enterprise = *enterprise;
        parsed.space = VENDOR_PREFIX + std::to_string(*enterprise);
        parsed.name.erase(0, dot + 1);
    }
    if (parsed.name.find_first_not_of("0123456789") == std::string::npos) {
        const uint32_t most = universe == Option::V4 ? 254 : 65535;
        const auto code = toNumber(parsed.name, most);
        if (!code || *code == 0) {
            refuse(attribute,
                   "the name of an option must follow, or a code from 1 to " + std::to_string(most));
        }
        parsed.code = static_cast<uint16_t>(*code);
    }
    return parsed;
}

// Options that the exchange itself depends on: no attribute may set them.
bool isReserved(Option::Universe universe, uint16_t code) {
    static const std::set<uint16_t> V4 = {
        DHO_DHCP_REQUESTED_ADDRESS, DHO_DHCP_LEASE_TIME,        DHO_DHCP_OPTION_OVERLOAD,
        DHO_DHCP_MESSAGE_TYPE,      DHO_DHCP_SERVER_IDENTIFIER, DHO_DHCP_PARAMETER_REQUEST_LIST,
        DHO_DHCP_MAX_MESSAGE_SIZE,  DHO_DHCP_RENEWAL_TIME,      DHO_DHCP_REBINDING_TIME,
        DHO_DHCP_CLIENT_IDENTIFIER, DHO_DHCP_AGENT_OPTIONS};
    static const std::set<uint16_t> V6 = {D6O_CLIENTID,    D6O_SERVERID,     D6O_IA_NA,        D6O_IA_TA,
                                          D6O_IAADDR,      D6O_ORO,          D6O_ELAPSED_TIME, D6O_RELAY_MSG,
                                          D6O_STATUS_CODE, D6O_RAPID_COMMIT, D6O_INTERFACE_ID, D6O_IA_PD,
                                          D6O_IAPREFIX};
    return (universe == Option::V4 ? V4 : V6).count(code) != 0;
}

OptionPtr makeOption(const std::string& attribute, const OptionName& name,
                     const OptionDefinitionPtr& definition, const std::string& value,
                     const OptionDefinitions& definitions) {
    try {
        return user_chk::makeOption(name, definition, value, definitions);
    } catch (const isc::Exception& ex) {
        refuse(attribute, "'" + value + "': " + ex.what());
    }
}

// Kea splits a DHCPv4 option over 255 bytes. It cannot do so when the option takes more bytes in the packet
// than it was created from: an FQDN with bytes that Kea has to escape.
void checkCanBeSent(const std::string& attribute, const OptionPtr& option) {
    constexpr size_t SURELY = 255;
    if (option->len() <= SURELY) {
        return;
    }
    try {
        Pkt4 response(DHCPACK, 0);
        response.addOption(option);
        response.pack();
    } catch (const std::exception& ex) { // as above
        refuse(attribute, std::string("cannot be sent: ") + ex.what());
    }
}

void parseOption(UserOptions& parsed, const std::string& attribute, const std::string& value,
                 const OptionDefinitions& definitions, std::vector<std::string>& remarks) {
    const OptionName name = parseName(attribute, definitions.universe());
    const OptionDefinitionPtr definition =
        name.code ? definitions.find(name.space, *name.code) : definitions.find(name.space, name.name);
    if (!definition && !(name.code && isHex(value))) {
        remarks.push_back(attribute + " is left out: Kea has no definition of it" +
                          (definitions.isComplete() ? "" : ", unless the server's configuration has one"));
        return;
    }
    const OptionPtr option = makeOption(attribute, name, definition, value, definitions);
    if (definition && isCutAtComma(*option, name, definition, value, definitions)) {
        remarks.push_back(attribute +
                          " is sent without what follows a comma, as the option has no field for it; "
                          "write a comma within a value as \\\\,");
    }
    if (name.enterprise == 0 && isReserved(definitions.universe(), option->getType())) {
        refuse(attribute, "only the server itself sets this option");
    }
    if (name.enterprise == 0 && definitions.universe() == Option::V4) {
        checkCanBeSent(attribute, option);
    }
    auto& options = name.enterprise == 0 ? parsed.options : parsed.vendors[name.enterprise];
    if (!options.emplace(option->getType(), option).second) {
        refuse(attribute, "another attribute sets the option with code " + std::to_string(option->getType()) +
                              " already");
    }
}

// Rejects a whole vendor option together with parts of it: they would contradict each other.
void checkGivenOnce(uint16_t vendor_code, const UserOptions& parsed) {
    if (parsed.options.count(vendor_code) != 0 && !parsed.vendors.empty()) {
        refuse(OPTION_PREFIX + VENDOR_PREFIX + std::to_string(parsed.vendors.begin()->first),
               "another attribute sets the whole option with code " + std::to_string(vendor_code));
    }
}

// A DHCPv4 vendor option must fit into a single option: Kea would split it, and omit the enterprise number
// from the second part. Kea counts the header of the option as well.
void checkLength(uint32_t enterprise, const UserOptions::Options& options) {
    constexpr size_t MOST = 255 - Option::OPTION4_HDR_LEN - sizeof(enterprise) - 1; // less the length byte
    size_t length = 0;
    for (const auto& option : options) {
        length += option.second->toBinary(true).size(); // len() has only 16 bits
    }
    if (length > MOST) {
        refuse(OPTION_PREFIX + VENDOR_PREFIX + std::to_string(enterprise),
               "its options take " + std::to_string(length) + " bytes, must be at most " +
                   std::to_string(MOST));
    }
}

void parseNextServer(UserOptions& parsed, const std::string& value) {
    try {
        const isc::asiolink::IOAddress address(value);
        if (address.isV4()) {
            parsed.next_server = address;
            return;
        }
    } catch (const isc::Exception&) { // reported below
    }
    refuse("next-server", "'" + value + "', must be an IPv4 address");
}

} // namespace

std::shared_ptr<const UserOptions> UserOptions::parse(const PropertyMap& attributes,
                                                      const OptionDefinitions& definitions,
                                                      std::vector<std::string>& remarks) {
    UserOptions parsed;
    const auto next_server = attributes.find("next-server");
    if (next_server != attributes.end() && definitions.universe() == Option::V4) {
        parseNextServer(parsed, next_server->second);
    }
    for (auto attribute = attributes.lower_bound(OPTION_PREFIX);
         attribute != attributes.end() && boost::starts_with(attribute->first, OPTION_PREFIX); ++attribute) {
        parseOption(parsed, attribute->first, attribute->second, definitions, remarks);
    }
    const bool v4 = definitions.universe() == Option::V4;
    checkGivenOnce(v4 ? uint16_t(DHO_VIVSO_SUBOPTIONS) : uint16_t(D6O_VENDOR_OPTS), parsed);
    if (v4) {
        for (const auto& [enterprise, options] : parsed.vendors) {
            checkLength(enterprise, options);
        }
    }
    checkSize(definitions.universe(), attributes, parsed, remarks);
    if (!parsed.next_server && parsed.options.empty() && parsed.vendors.empty()) {
        return nullptr;
    }
    return std::make_shared<const UserOptions>(std::move(parsed));
}

} // namespace user_chk
