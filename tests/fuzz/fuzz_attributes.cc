// SPDX-License-Identifier: MPL-2.0
// Fuzzes the attributes of a user, one NAME=VALUE per line: either they are rejected by name, or the options
// can be sent.

#include <fuzz/expect.h>
#include <library/attribute_reader.h>
#include <options/boot_options.h>
#include <options/user_options.h>
#include <policy/user_rules.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option_space.h>
#include <exceptions/exceptions.h>
#include <log/logger_support.h>

#include <boost/make_shared.hpp>

#include <sstream>

namespace user_chk {
namespace {

using namespace isc::dhcp;
using fuzz::errorOf;
using fuzz::expect;

// The reader of a server whose configuration defines options of both kinds.
AttributeReader readerOf(Option::Universe universe) {
    const auto configured = boost::make_shared<CfgOptionDef>();
    const std::string space = universe == Option::V4 ? DHCP4_OPTION_SPACE : DHCP6_OPTION_SPACE;
    configured->add(boost::make_shared<OptionDefinition>("portal", 222, space, "string"));
    configured->add(boost::make_shared<OptionDefinition>("color", 5, "vendor-9999", "uint16", true));
    return makeAttributeReader(std::make_shared<Published<ReadingContext>>(std::make_shared<ReadingContext>(
        ReadingContext{OptionDefinitions(universe, configured), "USER_CHK_REGISTERED", {{"voip"}}, ""})));
}

PropertyMap attributesOf(const std::string& text) {
    PropertyMap attributes;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const size_t end = std::min(line.find('='), line.size());
        attributes[line.substr(0, end)] = end < line.size() ? line.substr(end + 1) : std::string();
    }
    return attributes;
}

template <typename Packet>
void checkResponse(Packet response, const PropertyMap& attributes, const UserOptions& options) {
    setBootOptions(response, attributes);
    setUserOptions(response, options);
    const auto error = errorOf<std::exception>([&] { response.pack(); });
    expect(!error, "what is taken can be sent: " + error.value_or(""));
}

void checkMeaning(Option::Universe universe, const PropertyMap& attributes, const Meaning& meaning) {
    if (!meaning.rules) {
        return;
    }
    expect(!meaning.rules->empty(), "what means nothing has no rules");
    if (!meaning.rules->options) {
        return;
    }
    if (universe == Option::V4) {
        checkResponse(Pkt4(DHCPACK, 1), attributes, *meaning.rules->options);
    } else {
        checkResponse(Pkt6(DHCPV6_REPLY, 1), attributes, *meaning.rules->options);
    }
}

void checkAttributes(Option::Universe universe, const AttributeReader& read, const PropertyMap& attributes) {
    for (const auto type : {UserId::HW_ADDRESS, UserId::DUID}) {
        Meaning meaning;
        const auto error = errorOf<isc::BadValue>([&] { meaning = read(type, attributes); });
        expect(!error || error->rfind("invalid ", 0) == 0,
               "the error says what is wrong: " + error.value_or(""));
        checkMeaning(universe, attributes, meaning);
    }
}

} // namespace
} // namespace user_chk

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    isc::log::initLogger("fuzz", isc::log::NONE);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace user_chk;
    static const AttributeReader READ_4 = readerOf(Option::V4);
    static const AttributeReader READ_6 = readerOf(Option::V6);
    const PropertyMap attributes = attributesOf(std::string(reinterpret_cast<const char*>(data), size));
    checkAttributes(Option::V4, READ_4, attributes);
    checkAttributes(Option::V6, READ_6, attributes);
    return 0;
}
