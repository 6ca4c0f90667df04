// SPDX-License-Identifier: MPL-2.0
// Tests the parsing of the settings that parameters and user contexts have in common.

#include <config/placement_settings.h>
#include <support/temp_dir.h>

#include <cc/dhcp_config_error.h>

#include <gtest/gtest.h>

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::dhcp::DhcpConfigError;

namespace user_chk::placement_settings_test {
namespace {

using Unregistered = PlacementSettings::Unregistered;

// Applies a context to settings that all differ from their defaults.
PlacementSettings taken(const std::string& context) {
    PlacementSettings settings;
    settings.unregistered_clients = Unregistered::CLASSIFY;
    settings.restricted_subnet_id = 77;
    settings.nak_moved_clients = true;
    return settings.with(PlacementOverrides::ofContext(Element::fromJSON(context)));
}

std::string errorOf(const std::string& user_chk) {
    return test::messageOf<DhcpConfigError>([&] { taken("{\"user-chk\": " + user_chk + "}"); });
}

TEST(PlacementSettingsTest, defaultIsTheLastSubnetWithoutNaks) {
    const PlacementSettings settings;
    EXPECT_EQ(Unregistered::RESTRICT, settings.unregistered_clients);
    EXPECT_EQ(std::nullopt, settings.restricted_subnet_id);
    EXPECT_FALSE(settings.nak_moved_clients);
}

TEST(PlacementSettingsTest, whatAContextDoesNotSayStays) {
    for (const char* silent : {"{}", R"({"user-chk": {}})", R"({"other": {"restricted-subnet-id": 1}})"}) {
        const PlacementSettings settings = taken(silent);
        EXPECT_EQ(Unregistered::CLASSIFY, settings.unregistered_clients) << silent;
        EXPECT_EQ(77u, settings.restricted_subnet_id) << silent;
        EXPECT_TRUE(settings.nak_moved_clients) << silent;
    }
    const PlacementSettings settings = taken(R"({"user-chk": {"restricted-subnet-id": 5}})");
    EXPECT_EQ(Unregistered::CLASSIFY, settings.unregistered_clients);
    EXPECT_EQ(5u, settings.restricted_subnet_id);
    EXPECT_TRUE(settings.nak_moved_clients);
}

TEST(PlacementSettingsTest, thereMayBeNoContext) {
    PlacementSettings settings;
    settings.nak_moved_clients = true;
    EXPECT_TRUE(settings.with(PlacementOverrides::ofContext(ConstElementPtr())).nak_moved_clients);
}

TEST(PlacementSettingsTest, takesEachValue) {
    const auto unregistered = [](const std::string& word) {
        return taken(R"({"user-chk": {"unregistered-clients": ")" + word + "\"}}").unregistered_clients;
    };
    EXPECT_EQ(Unregistered::RESTRICT, unregistered("restrict"));
    EXPECT_EQ(Unregistered::DROP, unregistered("drop"));
    EXPECT_EQ(Unregistered::CLASSIFY, unregistered("classify"));

    const auto subnet = [](const std::string& id) {
        return taken(R"({"user-chk": {"restricted-subnet-id": )" + id + "}}").restricted_subnet_id;
    };
    EXPECT_EQ(1u, subnet("1"));
    EXPECT_EQ(4294967294u, subnet("4294967294"));

    EXPECT_FALSE(taken(R"({"user-chk": {"nak-moved-clients": false}})").nak_moved_clients);
    EXPECT_TRUE(taken(R"({"user-chk": {"nak-moved-clients": true}})").nak_moved_clients);
}

TEST(PlacementSettingsTest, refusesWordsThatAreNoChoice) {
    EXPECT_EQ("invalid unregistered-clients: 'dorp', must be one of restrict, drop, classify",
              errorOf(R"({"unregistered-clients": "dorp"})"));
    EXPECT_EQ("invalid unregistered-clients: '', must be one of restrict, drop, classify",
              errorOf(R"({"unregistered-clients": ""})"));
    EXPECT_EQ("invalid unregistered-clients: 'Drop', must be one of restrict, drop, classify",
              errorOf(R"({"unregistered-clients": "Drop"})"));
}

TEST(PlacementSettingsTest, refusesNumbersThatAreNoSubnetsId) {
    for (const std::string id : {"0", "-1", "4294967295", "4294967296", "9223372036854775807"}) {
        EXPECT_EQ("invalid restricted-subnet-id: " + id + ", must be 1 to 4294967294",
                  errorOf("{\"restricted-subnet-id\": " + id + "}"));
    }
}

TEST(PlacementSettingsTest, refusesEachWrongType) {
    for (const std::string wrong : {"1", "true", "null", "[]", "{}", "1.5"}) {
        EXPECT_EQ("'unregistered-clients' parameter is not a string",
                  errorOf("{\"unregistered-clients\": " + wrong + "}"));
    }
    for (const std::string wrong : {"\"1\"", "true", "null", "[1]", "{}", "1.0"}) {
        EXPECT_EQ("'restricted-subnet-id' parameter is not an integer",
                  errorOf("{\"restricted-subnet-id\": " + wrong + "}"));
    }
    for (const std::string wrong : {"\"true\"", "1", "null", "[true]", "{}", "1.0"}) {
        EXPECT_EQ("'nak-moved-clients' parameter is not a boolean",
                  errorOf("{\"nak-moved-clients\": " + wrong + "}"));
    }
}

TEST(PlacementSettingsTest, refusesWhatIsUnknownInAContext) {
    EXPECT_EQ("spurious 'restricted-subnet' parameter", errorOf(R"({"restricted-subnet": 1})"));
    EXPECT_EQ("spurious 'registered-class' parameter", errorOf(R"({"registered-class": "A"})"));
    EXPECT_EQ("spurious 'Restricted-Subnet-Id' parameter", errorOf(R"({"Restricted-Subnet-Id": 1})"));
}

TEST(PlacementSettingsTest, refusesAnEntryThatIsNoMap) {
    EXPECT_EQ("invalid user-chk: 5, must be a map", errorOf("5"));
    EXPECT_EQ("invalid user-chk: \"drop\", must be a map", errorOf("\"drop\""));
    EXPECT_EQ("invalid user-chk: [ 1 ], must be a map", errorOf("[1]"));
    EXPECT_EQ("invalid user-chk: true, must be a map", errorOf("true"));
}

} // namespace
} // namespace user_chk::placement_settings_test
