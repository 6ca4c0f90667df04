// SPDX-License-Identifier: MPL-2.0
// Creates an option from the text of its value.

#include <options/option_value.h>

#include <cc/data.h>
#include <dhcpsrv/parsers/option_data_parser.h>
#include <exceptions/exceptions.h>

#include <boost/algorithm/string/erase.hpp>
#include <boost/algorithm/string/predicate.hpp>

#include <cstdint>
#include <utility>
#include <vector>

#include <sys/socket.h>

namespace user_chk {

using namespace isc::dhcp;
using isc::data::Element;
using isc::data::ElementPtr;

namespace {

// Kea's parser of option-data, with definitions that any thread may look up.
class Parser : public OptionDataParser {
public:
    Parser(Option::Universe universe, OptionDefinitionPtr definition)
        : OptionDataParser(universe == Option::V4 ? AF_INET : AF_INET6), definition_(std::move(definition)) {}

protected:
    OptionDefinitionPtr findOptionDefinition(const std::string&, const isc::util::Optional<uint32_t>&,
                                             const isc::util::Optional<std::string>&) const override {
        return definition_;
    }

private:
    const OptionDefinitionPtr definition_;
};

// Returns Kea's message without the position in a configuration, which an attribute does not have.
std::string reasonOf(const std::exception& error) {
    return boost::erase_last_copy(std::string(error.what()), " (:0:0)");
}

OptionPtr parse(const OptionName& name, const OptionDefinitionPtr& definition, const std::string& value,
                Option::Universe universe) {
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
        return Parser(universe, definition).parse(data).first.option_;
    } catch (const std::exception& ex) { // not only Kea's exceptions: a value may be anything
        isc_throw(isc::BadValue, reasonOf(ex));
    }
}

// Kea's option classes parse bytes by their definition and write what they parsed. That loses suboptions that
// they do not understand, a second vendor, and a NUL at the end of a text. A generic option keeps all bytes.
OptionPtr exactly(const OptionPtr& option, const OptionName& name, const std::string& hex) {
    const OptionName code = {name.enterprise, name.space, "", option->getType()};
    const OptionPtr plain = parse(code, nullptr, hex, option->getUniverse());
    return option->toBinary(false) == plain->toBinary(false) ? option : plain;
}

bool mayBeEmpty(const OptionDefinitionPtr& definition) {
    return definition && definition->getType() == OPT_EMPTY_TYPE &&
           definition->getEncapsulatedSpace().empty();
}

} // namespace

bool isHex(const std::string& value) {
    return boost::starts_with(value, "0x") || boost::starts_with(value, "0X");
}

OptionPtr makeOption(const OptionName& name, const OptionDefinitionPtr& definition, const std::string& value,
                     const OptionDefinitions& definitions) {
    // Kea accepts an IPv6 address for some IPv4 addresses.
    if (definition && definition->getType() == OPT_IPV4_ADDRESS_TYPE && !isHex(value) &&
        value.find(':') != std::string::npos) {
        isc_throw(isc::BadValue, "must be an IPv4 address");
    }
    OptionPtr option = parse(name, definition, value, definitions.universe());
    if (isHex(value)) {
        option = exactly(option, name, value);
    }
    if (option->toBinary(false).empty() && !mayBeEmpty(definition)) {
        isc_throw(isc::BadValue, "the option would be sent without a value");
    }
    return option;
}

bool isCutAtComma(const Option& option, const OptionName& name, const OptionDefinitionPtr& definition,
                  const std::string& value, const OptionDefinitions& definitions) {
    // Kea silently drops the end of some values. Then the part after the last comma makes no difference.
    const size_t comma = value.rfind(',');
    if (comma == std::string::npos || isHex(value)) {
        return false;
    }
    try {
        const OptionPtr part = parse(name, definition, value.substr(0, comma), definitions.universe());
        return part->toBinary(false) == option.toBinary(false);
    } catch (const std::exception&) { // without that part the value is invalid
        return false;
    }
}

} // namespace user_chk
