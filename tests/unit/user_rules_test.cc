// SPDX-License-Identifier: MPL-2.0
// Tests the parsing of attributes that affect queries.

#include <options/user_options.h>
#include <policy/user_rules.h>
#include <support/temp_dir.h>
#include <system/utc_time.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

namespace user_chk::user_rules_test {
namespace {

using Access = UserRules::Access;
typedef std::vector<isc::dhcp::ClientClass> Classes;

std::string errorOf(const std::string& name, const std::string& value) {
    return test::messageOf<isc::BadValue>([&] { UserRules::parse({{name, value}}); });
}

TEST(UserRulesTest, attributesWithoutAMeaningMeanNothing) {
    for (const PropertyMap& attributes :
         {PropertyMap(), PropertyMap{{"bootfile", "/b"}, {"Access", "deny"}}}) {
        const UserRules rules = UserRules::parse(attributes);
        EXPECT_TRUE(rules.empty());
        EXPECT_EQ(Access::ALLOW, rules.access);
    }
}

TEST(UserRulesTest, takesEachAccess) {
    EXPECT_EQ(Access::ALLOW, UserRules::parse({{"access", "allow"}}).access);
    EXPECT_EQ(Access::RESTRICT, UserRules::parse({{"access", "restrict"}}).access);
    EXPECT_EQ(Access::DENY, UserRules::parse({{"access", "deny"}}).access);
}

TEST(UserRulesTest, refusesEveryOtherAccess) {
    for (const std::string wrong : {"", "Deny", "denied", "no", " deny", "deny ", "allow,deny"}) {
        EXPECT_EQ("invalid access: '" + wrong + "', must be one of allow, restrict, deny",
                  errorOf("access", wrong));
    }
}

TEST(UserRulesTest, takesTheTimeOfExpiry) {
    EXPECT_EQ(std::nullopt, UserRules::parse({}).expires);
    EXPECT_EQ(parseRfc3339("2026-11-30T17:00:00Z"),
              UserRules::parse({{"expires", "2026-11-30T18:00:00+01:00"}}).expires);
}

TEST(UserRulesTest, takesTheTimeOfTheStart) {
    EXPECT_EQ(std::nullopt, UserRules::parse({}).starts);
    EXPECT_EQ(parseRfc3339("2026-11-30T17:00:00Z"),
              UserRules::parse({{"starts", "2026-11-30T18:00:00+01:00"}}).starts);
}

TEST(UserRulesTest, refusesAStartAfterTheEnd) {
    const auto error = [](const std::string& starts, const std::string& expires) {
        return test::messageOf<isc::BadValue>([&] {
            UserRules::parse({{"starts", starts}, {"expires", expires}});
        });
    };
    const auto take = [](const std::string& starts, const std::string& expires) {
        EXPECT_NO_THROW(UserRules::parse({{"starts", starts}, {"expires", expires}}));
    };
    EXPECT_EQ(
        "invalid starts: '2026-11-30T12:00:01Z', must not be after expires, '2026-11-30T13:00:00+01:00'",
        error("2026-11-30T12:00:01Z", "2026-11-30T13:00:00+01:00"));
    take("2026-11-30T12:00:00Z", "2026-11-30T13:00:00+01:00");
    take("0001-01-01T00:00:01Z", "0001-01-01T00:00:00Z");
    take("2026-11-30T12:00:00Z", "9999-12-31T23:59:59Z");
}

TEST(UserRulesTest, takesWhereTheRegistrationHolds) {
    EXPECT_EQ(nullptr, UserRules::parse({}).scope);
    const UserRules rules = UserRules::parse({{"subnets", "1,2"}, {"shared-networks", "campus"}});
    ASSERT_NE(nullptr, rules.scope);
    EXPECT_EQ(2, rules.scope->subnets.size());
    EXPECT_EQ(1, rules.scope->shared_networks.size());
}

TEST(UserRulesTest, refusesWhatIsNoTime) {
    EXPECT_EQ(0, errorOf("starts", "soon").find("invalid starts: 'soon', "));
    for (const std::string wrong :
         {"", "never", "2026-11-30", "2026-11-31T00:00:00Z", "2026-11-30T18:00:00"}) {
        EXPECT_EQ(0, errorOf("expires", wrong).find("invalid expires: '" + wrong + "', ")) << wrong;
    }
}

TEST(UserRulesTest, takesClassesInTheirOrderWithoutTheBlanksAroundThem) {
    const auto classes = [](const std::string& text) {
        return UserRules::parse({{"client-classes", text}}).client_classes;
    };
    EXPECT_EQ(Classes{"voip"}, classes("voip"));
    EXPECT_EQ((Classes{"voip", "floor 2", "a"}), classes(" voip,floor 2 ,\ta"));
}

TEST(UserRulesTest, refusesClassesWithoutAName) {
    for (const std::string wrong : {"", " ", ",", "voip,", ",voip", "voip,,data", "voip, ,data"}) {
        EXPECT_EQ("invalid client-classes: '" + wrong + "', must be names of classes, separated by commas",
                  errorOf("client-classes", wrong));
    }
}

TEST(UserRulesTest, areEmptyWhenTheyMeanNothing) {
    EXPECT_TRUE(UserRules().empty());
    EXPECT_TRUE(UserRules::parse({{"access", "allow"}}).empty());
    for (const PropertyMap& attributes :
         {PropertyMap{{"access", "restrict"}}, PropertyMap{{"access", "deny"}},
          PropertyMap{{"expires", "2026-11-30T18:00:00Z"}}, PropertyMap{{"starts", "2026-11-30T18:00:00Z"}},
          PropertyMap{{"subnets", "1"}}, PropertyMap{{"shared-networks", "a"}},
          PropertyMap{{"client-classes", "a"}}}) {
        EXPECT_FALSE(UserRules::parse(attributes).empty()) << attributes.begin()->first;
    }
    UserRules rules;
    rules.options = std::make_shared<const UserOptions>();
    EXPECT_FALSE(rules.empty());
}

TEST(UserRulesTest, theClassesOfTheTwoSidesOfANetworkAreReserved) {
    for (const std::string name : {"USER_CHK_NORMAL", "USER_CHK_RESTRICTED"}) {
        EXPECT_EQ("invalid client-classes: '" + name + "', only the library itself sets it",
                  test::messageOf<isc::BadValue>([&] {
                      UserRules::parse({{"client-classes", "voip, " + name}});
                  }));
        EXPECT_EQ(1, UserRules::parse({{"client-classes", name + "S"}}).client_classes.size());
    }
}

} // namespace
} // namespace user_chk::user_rules_test
