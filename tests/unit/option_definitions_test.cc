// SPDX-License-Identifier: MPL-2.0
// Tests the look-up of option definitions.

#include <options/option_definitions.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option_space.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;

namespace user_chk::option_definitions_test {
namespace {

const std::string VENDOR = "vendor-4491";

template <typename Key>
std::string optionNameOf(const OptionDefinitions& definitions, const std::string& space, const Key& key) {
    const OptionDefinitionPtr found = definitions.find(space, key);
    return found ? found->getName() : "none";
}

template <typename Key>
unsigned codeOf(const OptionDefinitions& definitions, const std::string& space, const Key& key) {
    const OptionDefinitionPtr found = definitions.find(space, key);
    return found ? found->getCode() : 0;
}

TEST(OptionDefinitionsTest, knowTheStandardOnesOfBothProtocols) {
    const OptionDefinitions v4(Option::V4);
    EXPECT_EQ(Option::V4, v4.universe());
    EXPECT_EQ("ntp-servers", optionNameOf(v4, DHCP4_OPTION_SPACE, uint16_t(DHO_NTP_SERVERS)));
    EXPECT_EQ(DHO_NTP_SERVERS, codeOf(v4, DHCP4_OPTION_SPACE, std::string("ntp-servers")));
    const OptionDefinitions v6(Option::V6);
    EXPECT_EQ(Option::V6, v6.universe());
    EXPECT_EQ("dns-servers", optionNameOf(v6, DHCP6_OPTION_SPACE, uint16_t(D6O_NAME_SERVERS)));
    EXPECT_EQ(D6O_NAME_SERVERS, codeOf(v6, DHCP6_OPTION_SPACE, std::string("dns-servers")));
}

TEST(OptionDefinitionsTest, knowThoseOfDocsisOfTheirProtocol) {
    EXPECT_EQ(2, codeOf(OptionDefinitions(Option::V4), VENDOR, std::string("tftp-servers")));
    EXPECT_EQ(32, codeOf(OptionDefinitions(Option::V6), VENDOR, std::string("tftp-servers")));
    EXPECT_EQ("tftp-servers", optionNameOf(OptionDefinitions(Option::V4), VENDOR, uint16_t(2)));
    EXPECT_EQ("config-file", optionNameOf(OptionDefinitions(Option::V6), VENDOR, uint16_t(33)));
    EXPECT_EQ("none", optionNameOf(OptionDefinitions(Option::V4), VENDOR, uint16_t(33)));
}

TEST(OptionDefinitionsTest, knowThoseOfTheConfiguration) {
    const auto configured = boost::make_shared<CfgOptionDef>();
    configured->add(boost::make_shared<OptionDefinition>("portal", 222, DHCP4_OPTION_SPACE, "string"));
    configured->add(boost::make_shared<OptionDefinition>("color", 5, "vendor-9999", "string"));
    const OptionDefinitions definitions(Option::V4, configured);
    EXPECT_EQ("portal", optionNameOf(definitions, DHCP4_OPTION_SPACE, uint16_t(222)));
    EXPECT_EQ(222, codeOf(definitions, DHCP4_OPTION_SPACE, std::string("portal")));
    EXPECT_EQ("color", optionNameOf(definitions, "vendor-9999", uint16_t(5)));
    EXPECT_EQ(5, codeOf(definitions, "vendor-9999", std::string("color")));
    EXPECT_EQ("none", optionNameOf(definitions, "vendor-9998", uint16_t(5)));
}

TEST(OptionDefinitionsTest, areThoseThatTheConfigurationHadWhenTheyWereCopied) {
    const auto configured = boost::make_shared<CfgOptionDef>();
    const OptionDefinitions definitions(Option::V4, configured);
    configured->add(boost::make_shared<OptionDefinition>("portal", 222, DHCP4_OPTION_SPACE, "string"));
    EXPECT_EQ("none", optionNameOf(definitions, DHCP4_OPTION_SPACE, uint16_t(222)));
}

TEST(OptionDefinitionsTest, thoseOfTheConfigurationComeBeforeKeasLastResort) {
    const uint16_t code = DHO_VENDOR_ENCAPSULATED_OPTIONS;
    EXPECT_EQ("vendor-encapsulated-options",
              optionNameOf(OptionDefinitions(Option::V4), DHCP4_OPTION_SPACE, code));
    const auto configured = boost::make_shared<CfgOptionDef>();
    configured->add(boost::make_shared<OptionDefinition>("ours", code, DHCP4_OPTION_SPACE, "string"));
    EXPECT_EQ("ours", optionNameOf(OptionDefinitions(Option::V4, configured), DHCP4_OPTION_SPACE, code));
}

TEST(OptionDefinitionsTest, areNoneForWhatNobodyHasDefined) {
    const OptionDefinitions definitions(Option::V4);
    EXPECT_EQ("none", optionNameOf(definitions, DHCP4_OPTION_SPACE, uint16_t(222)));
    EXPECT_EQ("none", optionNameOf(definitions, DHCP4_OPTION_SPACE, std::string("no-such")));
    EXPECT_EQ("none", optionNameOf(definitions, "vendor-9999", uint16_t(1)));
    EXPECT_EQ("none", optionNameOf(definitions, "no-such-space", uint16_t(1)));
}

} // namespace
} // namespace user_chk::option_definitions_test
