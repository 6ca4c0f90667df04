// SPDX-License-Identifier: MPL-2.0
// Implements how UserOptions are made of attributes.

#include <response/user_options.h>

#include <cc/data.h>
#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option_space.h>
#include <dhcp/pkt4.h>
#include <dhcpsrv/parsers/option_data_parser.h>
#include <exceptions/exceptions.h>

#include <boost/algorithm/string/erase.hpp>
#include <boost/algorithm/string/predicate.hpp>

#include <limits>
#include <set>

#include <sys/socket.h>

namespace user_chk {

using namespace isc::dhcp;
using isc::data::Element;
using isc::data::ElementPtr;

namespace {

const std::string PREFIX = "option.";
const std::string VENDOR_PREFIX = "vendor-";

// Kea's parser of option-data, with definitions that may be looked up in any thread.
class Parser : public OptionDataParser {
public:
    explicit Parser(const OptionDefinitions& definitions)
        : OptionDataParser(definitions.universe() == Option::V4 ? AF_INET : AF_INET6),
          definitions_(definitions) {}

protected:
    OptionDefinitionPtr findOptionDefinition(const std::string& space,
                                             const isc::util::Optional<uint32_t>& code,
                                             const isc::util::Optional<std::string>& name) const override {
        return code.unspecified() ? definitions_.find(space, name.get())
                                  : definitions_.find(space, static_cast<uint16_t>(code.get()));
    }

private:
    const OptionDefinitions& definitions_;
};

// What the name of an attribute says behind "option.".
struct OptionName {
    uint32_t enterprise = 0; // 0 for the protocol's own space
    std::string space;
    std::string name;
    std::optional<uint16_t> code; // in the place of a name
};

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
    parsed.name = attribute.substr(PREFIX.size());
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

// Options that the exchange itself is made of: a user's attribute may not say what they are.
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

bool isHex(const std::string& value) {
    return boost::starts_with(value, "0x") || boost::starts_with(value, "0X");
}

// What Kea says, without the place in a configuration, which an attribute does not have.
std::string reasonOf(const std::exception& error) {
    return boost::erase_last_copy(std::string(error.what()), " (:0:0)");
}

OptionPtr makeOption(const std::string& attribute, const OptionName& name, const std::string& value,
                     const OptionDefinitions& definitions) {
    const ElementPtr data = Element::createMap();
    data->set("space", Element::create(name.space));
    if (name.code) {
        data->set("code", Element::create(static_cast<int64_t>(*name.code)));
    } else {
        data->set("name", Element::create(name.name));
    }
    data->set("data", Element::create(value));
    data->set("csv-format", Element::create(!isHex(value)));
    try {
        return Parser(definitions).parse(data).first.option_;
    } catch (const std::exception& ex) { // not only Kea's: a value may be anything
        refuse(attribute, "'" + value + "': " + reasonOf(ex));
    }
}

// Whether Kea takes what is before the first comma, and leaves out the rest without a word.
bool isCutAtComma(const OptionDefinition& definition, const std::string& value) {
    if (isHex(value) || definition.getArrayType() || definition.getType() == OPT_RECORD_TYPE) {
        return false;
    }
    for (size_t comma = value.find(','); comma != std::string::npos; comma = value.find(',', comma + 1)) {
        if (comma == 0 || value[comma - 1] != '\\') {
            return true;
        }
    }
    return false;
}

// Kea sends a DHCPv4 option over 255 bytes as several. It cannot do so where the option takes more bytes in a
// packet than it was made of: an FQDN with bytes that Kea has to escape.
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
        refuse(attribute, "cannot be sent: " + reasonOf(ex));
    }
}

void parseOption(UserOptions& parsed, const std::string& attribute, const std::string& value,
                 const OptionDefinitions& definitions, std::vector<std::string>& remarks) {
    const OptionName name = parseName(attribute, definitions.universe());
    const OptionDefinitionPtr definition =
        name.code ? definitions.find(name.space, *name.code) : definitions.find(name.space, name.name);
    if (!definition && !(name.code && isHex(value))) {
        remarks.push_back(attribute + " is left out: Kea has no definition of it");
        return;
    }
    // Kea takes an IPv6 address for some IPv4 addresses.
    if (definition && definition->getType() == OPT_IPV4_ADDRESS_TYPE && !isHex(value) &&
        value.find(':') != std::string::npos) {
        refuse(attribute, "'" + value + "': must be an IPv4 address");
    }
    if (definition && isCutAtComma(*definition, value)) {
        remarks.push_back(attribute +
                          " has one value, and what is behind the first comma is left out; a comma "
                          "within it is written \\\\,");
    }
    const OptionPtr option = makeOption(attribute, name, value, definitions);
    if (name.enterprise == 0 && isReserved(definitions.universe(), option->getType())) {
        refuse(attribute, "this option is the server's own");
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

// A DHCPv4 vendor option is at most one option long: Kea would split it, and leave out whose it is. Kea
// counts the option's header as well.
void checkLength(uint32_t enterprise, const UserOptions::Options& options) {
    constexpr size_t MOST = 255 - Option::OPTION4_HDR_LEN - sizeof(enterprise) - 1; // and the length
    size_t length = 0;
    for (const auto& option : options) {
        length += option.second->len();
    }
    if (length > MOST) {
        refuse(PREFIX + VENDOR_PREFIX + std::to_string(enterprise),
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
    } catch (const isc::Exception&) { // worded below
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
    for (auto attribute = attributes.lower_bound(PREFIX);
         attribute != attributes.end() && boost::starts_with(attribute->first, PREFIX); ++attribute) {
        parseOption(parsed, attribute->first, attribute->second, definitions, remarks);
    }
    if (definitions.universe() == Option::V4) {
        for (const auto& [enterprise, options] : parsed.vendors) {
            checkLength(enterprise, options);
        }
    }
    if (!parsed.next_server && parsed.options.empty() && parsed.vendors.empty()) {
        return nullptr;
    }
    return std::make_shared<const UserOptions>(std::move(parsed));
}

} // namespace user_chk
