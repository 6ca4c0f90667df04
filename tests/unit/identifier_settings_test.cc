// SPDX-License-Identifier: MPL-2.0
// Tests the parsing of the identifiers by which clients are looked up.

#include <config/identifier_settings.h>
#include <support/temp_dir.h>

#include <cc/dhcp_config_error.h>

#include <gtest/gtest.h>

using isc::data::Element;
using isc::dhcp::DhcpConfigError;
using isc::dhcp::Option;

namespace user_chk::identifier_settings_test {
namespace {

constexpr Option::Universe BOTH[] = {Option::V4, Option::V6};

IdentifierSettings parse(const std::string& json, Option::Universe universe) {
    return IdentifierSettings::parse(Element::fromJSON(json), universe);
}

std::string errorOf(const std::string& json, Option::Universe universe) {
    return test::messageOf<DhcpConfigError>([&] { parse(json, universe); });
}

TEST(IdentifierSettingsTest, withoutThemClientsAreLookedUpByWhatTheProtocolKnowsThemBy) {
    for (const Option::Universe universe : BOTH) {
        const IdentifierSettings settings = IdentifierSettings::parse(nullptr, universe);
        EXPECT_TRUE(settings.types.empty());
        EXPECT_EQ("[ \"duid\" ]", settings.inForce(UserId::DUID)->str());
        EXPECT_TRUE(settings.has(UserId::DUID, UserId::DUID));
        EXPECT_FALSE(settings.has(UserId::DUID, UserId::HW_ADDRESS));
    }
}

TEST(IdentifierSettingsTest, keepTheirOrder) {
    const IdentifierSettings v4 =
        parse(R"({"identifiers": ["circuit-id", "hw-address", "flex-id"], "identifier-expression": "'a'"})",
              Option::V4);
    EXPECT_EQ((std::vector<UserId::UserIdType>{UserId::CIRCUIT_ID, UserId::HW_ADDRESS, UserId::FLEX_ID}),
              v4.types);
    EXPECT_EQ("'a'", v4.expression);
    EXPECT_EQ(R"([ "circuit-id", "hw-address", "flex-id" ])", v4.inForce(UserId::HW_ADDRESS)->str());
    EXPECT_FALSE(v4.has(UserId::DUID, UserId::HW_ADDRESS));
    EXPECT_TRUE(v4.has(UserId::FLEX_ID, UserId::HW_ADDRESS));
}

TEST(IdentifierSettingsTest, eachProtocolHasItsOwn) {
    const std::string v4 = "hw-address, duid, client-id, circuit-id, remote-id, subscriber-id, flex-id";
    const std::string v6 = "hw-address, duid, interface-id, remote-id, subscriber-id, flex-id";
    EXPECT_EQ("invalid identifiers: 'interface-id', must be one of " + v4,
              errorOf(R"({"identifiers": ["interface-id"]})", Option::V4));
    for (const char* name : {"client-id", "circuit-id", "DUID", ""}) {
        EXPECT_EQ("invalid identifiers: '" + std::string(name) + "', must be one of " + v6,
                  errorOf(R"({"identifiers": [")" + std::string(name) + "\"]}", Option::V6));
    }
    EXPECT_NO_THROW(parse(R"({"identifiers": ["hw-address", "duid", "client-id", "circuit-id", "remote-id",
                              "subscriber-id"]})",
                          Option::V4));
    EXPECT_NO_THROW(
        parse(R"({"identifiers": ["hw-address", "duid", "interface-id", "remote-id", "subscriber-id"]})",
              Option::V6));
}

TEST(IdentifierSettingsTest, badListsAreRefused) {
    for (const Option::Universe universe : BOTH) {
        EXPECT_EQ("invalid identifiers: 'duid' is listed twice",
                  errorOf(R"({"identifiers": ["duid", "duid"]})", universe));
        EXPECT_EQ("invalid identifiers: 7, must be a name", errorOf(R"({"identifiers": [7]})", universe));
        EXPECT_EQ(0,
                  errorOf(R"({"identifiers": []})", universe).find("invalid identifiers: the list is empty"));
    }
}

TEST(IdentifierSettingsTest, theExpressionGoesWithFlexIdAndOnlyWithThat) {
    for (const Option::Universe universe : BOTH) {
        const std::string missing = "identifier-expression is missing, flex-id in identifiers requires it";
        EXPECT_EQ(missing, errorOf(R"({"identifiers": ["flex-id"]})", universe));
        EXPECT_EQ(missing,
                  errorOf(R"({"identifiers": ["flex-id"], "identifier-expression": " "})", universe));
        const std::string unused = "identifier-expression requires flex-id in identifiers";
        EXPECT_EQ(unused, errorOf(R"({"identifier-expression": "'a'"})", universe));
        EXPECT_EQ(unused, errorOf(R"({"identifiers": ["duid"], "identifier-expression": "'a'"})", universe));
    }
}

} // namespace
} // namespace user_chk::identifier_settings_test
