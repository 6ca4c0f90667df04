// SPDX-License-Identifier: MPL-2.0
// Tests the parsing of the library's parameters.

#include <config/parameters.h>
#include <support/temp_dir.h>

#include <cc/dhcp_config_error.h>

#include <gtest/gtest.h>

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::dhcp::DhcpConfigError;

namespace user_chk {
namespace {

TEST(ParametersTest, defaultsAreStocks) {
    for (const ConstElementPtr& none : {ConstElementPtr(), ConstElementPtr(Element::createMap())}) {
        const Parameters parameters = Parameters::parse(none);
        EXPECT_EQ("/tmp/user_chk_registry.txt", parameters.registry_file);
        EXPECT_EQ("/tmp/user_chk_outcome.txt", parameters.outcome_file);
        EXPECT_EQ(Parameters::Refresh::PACKET, parameters.registry_refresh);
    }
}

TEST(ParametersTest, takesBothFiles) {
    const Parameters parameters =
        Parameters::parse(Element::fromJSON(R"({"registry-file": "/r", "outcome-file": "/o"})"));
    EXPECT_EQ("/r", parameters.registry_file);
    EXPECT_EQ("/o", parameters.outcome_file);
}

TEST(ParametersTest, takesBothWaysToRefresh) {
    const auto refreshOf = [](const char* json) {
        return Parameters::parse(Element::fromJSON(json)).registry_refresh;
    };
    EXPECT_EQ(Parameters::Refresh::PACKET, refreshOf(R"({"registry-refresh": "packet"})"));
    EXPECT_EQ(Parameters::Refresh::BACKGROUND, refreshOf(R"({"registry-refresh": "background"})"));
}

TEST(ParametersTest, namesWhatIsUnknownOrWrong) {
    const auto errorOf = [](const char* json) {
        return test::messageOf<DhcpConfigError>([json] { Parameters::parse(Element::fromJSON(json)); });
    };
    EXPECT_EQ("spurious 'registry-flie' parameter", errorOf(R"({"registry-flie": "/r"})"));
    EXPECT_EQ("'registry-file' parameter is not a string", errorOf(R"({"registry-file": 1})"));
    EXPECT_EQ("'outcome-file' parameter is not a string", errorOf(R"({"outcome-file": ["/o"]})"));
    EXPECT_EQ("'registry-refresh' parameter is not a string", errorOf(R"({"registry-refresh": true})"));
    EXPECT_EQ("invalid registry-refresh: 'Packet', must be one of packet, background",
              errorOf(R"({"registry-refresh": "Packet"})"));
    EXPECT_EQ("invalid registry-file: '', must be the path of a file", errorOf(R"({"registry-file": ""})"));
    EXPECT_EQ("invalid outcome-file: ' ', must be the path of a file", errorOf(R"({"outcome-file": " "})"));
}

} // namespace
} // namespace user_chk
