// SPDX-License-Identifier: MPL-2.0
// Tests the identification of clients, and the verdict on them.

#include <exchange/client_id.h>
#include <policy/verdict.h>
#include <registry/user_table.h>
#include <support/as_received.h>
#include <system/utc_time.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option.h>
#include <dhcp/pkt4.h>
#include <util/buffer.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

using namespace isc::dhcp;

namespace user_chk::verdict_test {
namespace {

const std::vector<uint8_t> BYTES = {0x0c, 0x0e, 0x0a, 0x01, 0xff, 0x04};

TEST(ClientIdTest, isTheHardwareAddressWhateverItsType) {
    for (const uint16_t htype : {HTYPE_ETHER, HTYPE_IEEE802, HTYPE_FDDI}) {
        Pkt4 query(DHCPDISCOVER, 1);
        query.setHWAddr(boost::make_shared<HWAddr>(BYTES, htype));
        EXPECT_EQ(UserId(UserId::HW_ADDRESS, BYTES), clientIdOf(query));
    }
}

TEST(ClientIdTest, isNoneWithoutAHardwareAddress) {
    EXPECT_EQ(std::nullopt, clientIdOf(Pkt4(DHCPDISCOVER, 1)));
}

TEST(ClientIdTest, ofABufferIsWhatTheUnpackedQueryHas) {
    for (const size_t length : {0, 1, 6, 16}) {
        const auto sent = boost::make_shared<Pkt4>(DHCPDISCOVER, 1);
        sent->setHWAddr(boost::make_shared<HWAddr>(std::vector<uint8_t>(length, 0xab), HTYPE_ETHER));
        const Pkt4Ptr query = test::asReceived(sent);
        const auto early = clientIdIn(query->data_);
        query->unpack();
        EXPECT_EQ(clientIdOf(*query), early) << length;
        EXPECT_EQ(length != 0, early.has_value());
    }
}

TEST(ClientIdTest, isTheDuid) {
    Pkt6 query(DHCPV6_SOLICIT, 1);
    query.addOption(boost::make_shared<Option>(Option::V6, D6O_CLIENTID, BYTES));
    EXPECT_EQ(UserId(UserId::DUID, BYTES), clientIdOf(query));
}

TEST(ClientIdTest, isNoneWithoutADuidOrWithAnEmptyOne) {
    Pkt6 query(DHCPV6_SOLICIT, 1);
    EXPECT_EQ(std::nullopt, clientIdOf(query));
    query.addOption(boost::make_shared<Option>(Option::V6, D6O_CLIENTID));
    EXPECT_EQ(std::nullopt, clientIdOf(query));
}

using Standing = Verdict::Standing;

// A time to expire at, and clocks around it.
const std::string NOON = "2026-11-30T12:00:00Z";
const auto NOON_TIME = parseRfc3339(NOON);

template <int64_t MILLISECONDS>
std::chrono::system_clock::time_point afterNoon() {
    return NOON_TIME + std::chrono::milliseconds(MILLISECONDS);
}

std::chrono::system_clock::time_point neverAsked() {
    throw std::runtime_error("nobody needs the time");
}

bool nowhereAsked(const Scope&) {
    throw std::runtime_error("nobody needs to know where the client is");
}

// A registry of users of one type. An attribute of each user has its id, to recognize it.
class VerdictTest : public testing::TestWithParam<UserId::UserIdType> {
protected:
    void add(const std::string& id,
             const std::vector<std::pair<std::string_view, std::string_view>>& more = {}) {
        AttributeList attributes = {{"name", id}};
        attributes.insert(attributes.end(), more.begin(), more.end());
        table_->add(GetParam(), UserId(GetParam(), id).getId(), attributes, 1);
        registry_.replace(table_);
    }
    Verdict judgeId(const std::string& id, WallClock clock = neverAsked,
                    const ScopeTest& is_within = nowhereAsked) {
        return judge(registry_.users(), GetParam(), UserId(GetParam(), id), clock, is_within);
    }

    // For a client on the link of subnet 1.
    Verdict judgeInSubnet1(const std::string& id, WallClock clock = neverAsked) {
        return judgeId(id, clock, [](const Scope& scope) {
            return std::count(scope.subnets.begin(), scope.subnets.end(), 1) != 0;
        });
    }

    static std::string nameIn(const Verdict& verdict) {
        return verdict.attributes ? verdict.attributes->properties.at("name") : "none";
    }

    Registry registry_;
    const std::shared_ptr<UserTable> table_ =
        std::make_shared<UserTable>([](UserId::UserIdType, const PropertyMap& attributes) {
            return Meaning{std::make_shared<const UserRules>(UserRules::parse(attributes)), {}};
        });
};

TEST_P(VerdictTest, registeredClientHasItsOwnAttributes) {
    add("00000000");
    add("0c0e0a01ff04");
    const Verdict verdict = judgeId("0c0e0a01ff04");
    EXPECT_TRUE(verdict.registered());
    EXPECT_FALSE(verdict.denied());
    EXPECT_EQ("0c0e0a01ff04", nameIn(verdict));
    EXPECT_EQ(UserId(GetParam(), BYTES), verdict.client.id);
    EXPECT_EQ(std::nullopt, verdict.seconds_left);
}

TEST_P(VerdictTest, unregisteredClientHasTheDefaultUsersAttributes) {
    add("00000000", {{"client-classes", "guest"}});
    const Verdict verdict = judgeId("ff");
    EXPECT_EQ(Standing::UNKNOWN, verdict.standing);
    EXPECT_FALSE(verdict.registered());
    EXPECT_EQ("00000000", nameIn(verdict));
    ASSERT_NE(nullptr, verdict.rules());
    EXPECT_EQ(1, verdict.rules()->client_classes.size());
}

TEST_P(VerdictTest, unregisteredClientHasNoAttributesWithoutADefaultUser) {
    EXPECT_EQ("none", nameIn(judgeId("ff")));
    EXPECT_EQ(nullptr, judgeId("ff").rules());
}

TEST_P(VerdictTest, defaultRecordNeverMatchesAClient) {
    add("00000000");
    const Verdict verdict = judgeId("00000000");
    EXPECT_FALSE(verdict.registered());
    EXPECT_EQ("00000000", nameIn(verdict));
}

TEST_P(VerdictTest, recordsOfOtherZeroesAreOrdinaryOnes) {
    add("000000000000");
    EXPECT_TRUE(judgeId("000000000000").registered());
}

TEST_P(VerdictTest, queryWithoutAnIdIsOfAnUnregisteredClient) {
    add("00000000");
    const Verdict verdict = judge(registry_.users(), GetParam(), ClientIds());
    EXPECT_FALSE(verdict.registered());
    EXPECT_EQ(std::nullopt, verdict.client.id);
    EXPECT_EQ("00000000", nameIn(verdict));
}

TEST_P(VerdictTest, tellsWhyAndWhetherTheRegistryHasTheClient) {
    add("01");
    add("02", {{"access", "restrict"}});
    add("03", {{"access", "deny"}});
    add("04", {{"expires", NOON}});
    const auto expect = [this](const std::string& id, bool found, const std::string& reason) {
        const Verdict verdict = judgeId(id, afterNoon<1>);
        EXPECT_EQ(found, verdict.found) << id;
        EXPECT_EQ(reason, reasonOf(verdict)) << id;
    };
    expect("01", true, "it is in the registry");
    expect("02", true, "its access is restricted");
    expect("03", true, "its access is denied");
    expect("04", true, "its registration has expired");
    expect("05", false, "it is not in the registry");
    add("00000000", {{"access", "deny"}});
    expect("00000000", false, "clients that are not registered are denied");
    expect("02", true, "clients that are not registered are denied");
    expect("03", true, "its access is denied");
    expect("05", false, "clients that are not registered are denied");
}

TEST_P(VerdictTest, attributesStayAsTheyWereWhenTheRegistryChanges) {
    add("00000000");
    add("01");
    for (const auto& [id, name] : {std::pair("01", "01"), std::pair("02", "00000000")}) {
        const Verdict verdict = judgeId(id);
        const std::weak_ptr<const Users> users = registry_.users();
        registry_.replace(std::make_shared<UserTable>());
        ASSERT_FALSE(users.expired()) << id << ": the verdict has them";
        EXPECT_EQ(name, nameIn(verdict));
        registry_.replace(table_);
    }
}

// --- access ---

TEST_P(VerdictTest, allowedClientIsRegistered) {
    add("ff", {{"access", "allow"}});
    EXPECT_EQ(Standing::REGISTERED, judgeId("ff").standing);
}

TEST_P(VerdictTest, restrictedClientBorrowsTheDefaultUsersAttributes) {
    add("ff", {{"access", "restrict"}});
    EXPECT_EQ(Standing::RESTRICTED, judgeId("ff").standing);
    EXPECT_FALSE(judgeId("ff").registered());
    EXPECT_FALSE(judgeId("ff").denied());
    EXPECT_EQ("none", nameIn(judgeId("ff")));
    add("00000000");
    EXPECT_EQ("00000000", nameIn(judgeId("ff")));
}

TEST_P(VerdictTest, deniedClientGetsNothing) {
    add("00000000");
    add("ff", {{"access", "deny"}, {"expires", NOON}});
    const Verdict verdict = judgeId("ff");
    EXPECT_TRUE(verdict.denied());
    EXPECT_FALSE(verdict.registered());
    EXPECT_EQ("none", nameIn(verdict));
    EXPECT_EQ(std::nullopt, verdict.seconds_left);
}

TEST_P(VerdictTest, strangersAreDeniedWhereTheDefaultUserIs) {
    add("00000000", {{"access", "deny"}});
    add("01");
    add("02", {{"access", "restrict"}});
    EXPECT_TRUE(judgeId("ff").denied());
    EXPECT_TRUE(judgeId("02").denied()) << "treated as a stranger";
    EXPECT_TRUE(judge(registry_.users(), GetParam(), ClientIds()).denied());
    EXPECT_EQ("none", nameIn(judgeId("ff")));
    EXPECT_TRUE(judgeId("01").registered());
}

TEST_P(VerdictTest, aDefaultUserThatIsRestrictedLendsItsAttributes) {
    add("00000000", {{"access", "restrict"}});
    EXPECT_EQ(Standing::UNKNOWN, judgeId("ff").standing);
    EXPECT_EQ("00000000", nameIn(judgeId("ff")));
}

// --- expires ---

TEST_P(VerdictTest, registrationLastsUntilItExpires) {
    add("00000000");
    add("ff", {{"expires", NOON}});
    const Verdict before = judgeId("ff", afterNoon<-3600000>);
    EXPECT_EQ(Standing::REGISTERED, before.standing);
    EXPECT_EQ(3600u, before.seconds_left);
    EXPECT_EQ("ff", nameIn(before));

    const Verdict after = judgeId("ff", afterNoon<3600000>);
    EXPECT_EQ(Standing::EXPIRED, after.standing);
    EXPECT_FALSE(after.denied());
    EXPECT_EQ(std::nullopt, after.seconds_left);
    EXPECT_EQ("00000000", nameIn(after));
}

// No lease is shorter than a second: one that is granted in the last second outlives the registration by a
// fraction of it.
TEST_P(VerdictTest, registrationHoldsToTheEndOfItsLastSecond) {
    add("ff", {{"expires", NOON}});
    EXPECT_EQ(2u, judgeId("ff", afterNoon<-2000>).seconds_left);
    EXPECT_EQ(1u, judgeId("ff", afterNoon<-1999>).seconds_left)
        << "rounded down, so that no lease outlives it";
    EXPECT_EQ(1u, judgeId("ff", afterNoon<-1000>).seconds_left);
    EXPECT_TRUE(judgeId("ff", afterNoon<-1000>).registered());
    EXPECT_TRUE(judgeId("ff", afterNoon<-980>).registered());
    EXPECT_EQ(1u, judgeId("ff", afterNoon<-980>).seconds_left);
    EXPECT_EQ(1u, judgeId("ff", afterNoon<-1>).seconds_left);
    EXPECT_EQ(Standing::EXPIRED, judgeId("ff", afterNoon<0>).standing);
}

TEST_P(VerdictTest, moreSecondsThanALeaseCanLastAreTheMost) {
    add("ff", {{"expires", "2200-01-01T00:00:00Z"}});
    EXPECT_EQ(0xffffffffu, judgeId("ff", afterNoon<0>).seconds_left);
    add("fe", {{"expires", "9999-12-31T23:59:59Z"}});
    EXPECT_TRUE(judgeId("fe", afterNoon<0>).registered());
}

TEST_P(VerdictTest, theTimeIsAskedForOnlyWhereItMatters) {
    add("ff");
    EXPECT_NO_THROW(judgeId("ff", neverAsked));
    add("fe", {{"expires", NOON}});
    EXPECT_THROW(judgeId("fe", neverAsked), std::runtime_error);
}

TEST_P(VerdictTest, restrictedClientDoesNotKeepItsOwnEnd) {
    add("ff", {{"access", "restrict"}, {"expires", NOON}});
    EXPECT_EQ(Standing::RESTRICTED, judgeId("ff", afterNoon<-3600000>).standing);
    EXPECT_EQ(std::nullopt, judgeId("ff", afterNoon<-3600000>).seconds_left);
}

TEST_P(VerdictTest, whatTheDefaultUserLendsEndsWithIt) {
    add("00000000", {{"expires", NOON}});
    const Verdict before = judgeId("ff", afterNoon<-60000>);
    EXPECT_EQ(Standing::UNKNOWN, before.standing);
    EXPECT_EQ("00000000", nameIn(before));
    EXPECT_EQ(60u, before.seconds_left);

    const Verdict after = judgeId("ff", afterNoon<0>);
    EXPECT_EQ(Standing::UNKNOWN, after.standing);
    EXPECT_EQ("none", nameIn(after));
    EXPECT_EQ(std::nullopt, after.seconds_left);
}

TEST_P(VerdictTest, aClientWhoHasExpiredHasTheEndOfTheDefaultUser) {
    add("00000000", {{"expires", "2026-11-30T12:10:00Z"}});
    add("ff", {{"expires", NOON}});
    EXPECT_EQ(600u, judgeId("ff", afterNoon<0>).seconds_left);
    EXPECT_EQ(60u, judgeId("ff", afterNoon<-60000>).seconds_left);
}

// --- starts ---

TEST_P(VerdictTest, registrationHoldsFromItsStartToItsEnd) {
    add("00000000");
    add("ff", {{"starts", NOON}, {"expires", "2026-11-30T13:00:00Z"}});
    const Verdict before = judgeId("ff", afterNoon<-60000>);
    EXPECT_EQ(Standing::NOT_YET, before.standing);
    EXPECT_EQ("its registration has not started yet", std::string(reasonOf(before)));
    EXPECT_TRUE(before.found);
    EXPECT_EQ("00000000", nameIn(before));
    EXPECT_EQ(60u, before.seconds_left) << "no restricted lease outlives it";
    EXPECT_EQ(1u, judgeId("ff", afterNoon<-1>).seconds_left);

    const Verdict within = judgeId("ff", afterNoon<0>);
    EXPECT_EQ(Standing::REGISTERED, within.standing);
    EXPECT_EQ("ff", nameIn(within));
    EXPECT_EQ(3600u, within.seconds_left);
    EXPECT_EQ(Standing::EXPIRED, judgeId("ff", afterNoon<3600000>).standing);
    EXPECT_EQ(std::nullopt, judgeId("ff", afterNoon<3600000>).seconds_left);
}

TEST_P(VerdictTest, registrationThatHasStartedHasNoEnd) {
    add("ff", {{"starts", NOON}});
    EXPECT_EQ(Standing::REGISTERED, judgeId("ff", afterNoon<0>).standing);
    EXPECT_EQ(std::nullopt, judgeId("ff", afterNoon<0>).seconds_left);
}

TEST_P(VerdictTest, leaseOfAClientThatHasNotStartedEndsWithWhatIsLentToo) {
    add("00000000", {{"expires", NOON}});
    add("ff", {{"starts", "2026-11-30T12:10:00Z"}});
    add("fe", {{"starts", "2026-11-30T11:59:30Z"}});
    EXPECT_EQ(60u, judgeId("ff", afterNoon<-60000>).seconds_left);
    EXPECT_EQ(30u, judgeId("fe", afterNoon<-60000>).seconds_left);
    EXPECT_EQ(600u, judgeId("ff", afterNoon<0>).seconds_left) << "when nothing is lent any more";
}

TEST_P(VerdictTest, deniedGoesBeforeTheStart) {
    add("ff", {{"access", "deny"}, {"starts", NOON}});
    EXPECT_EQ(Standing::DENIED, judgeId("ff").standing);
    add("00000000", {{"access", "deny"}});
    add("fe", {{"starts", NOON}});
    EXPECT_TRUE(judgeId("fe", afterNoon<-60000>).denied()) << "treated as a stranger";
    EXPECT_EQ(std::nullopt, judgeId("fe", afterNoon<-60000>).seconds_left);
}

TEST_P(VerdictTest, whatTheDefaultUserLendsStartsWithIt) {
    add("00000000", {{"starts", NOON}});
    const Verdict before = judgeId("ff", afterNoon<-60000>);
    EXPECT_EQ("none", nameIn(before));
    EXPECT_EQ(60u, before.seconds_left);
    EXPECT_EQ("00000000", nameIn(judgeId("ff", afterNoon<0>)));
    EXPECT_EQ(std::nullopt, judgeId("ff", afterNoon<0>).seconds_left);
}

// --- subnets, shared-networks ---

TEST_P(VerdictTest, registrationHoldsInItsScope) {
    add("00000000");
    add("01", {{"subnets", "7,1"}, {"client-classes", "voip"}});
    add("02", {{"subnets", "2"}, {"client-classes", "voip"}});
    const Verdict inside = judgeInSubnet1("01");
    EXPECT_EQ(Standing::REGISTERED, inside.standing);
    EXPECT_EQ("01", nameIn(inside));
    const Verdict outside = judgeInSubnet1("02");
    EXPECT_EQ(Standing::OUT_OF_SCOPE, outside.standing);
    EXPECT_EQ("its registration does not apply where it is", std::string(reasonOf(outside)));
    EXPECT_TRUE(outside.found);
    EXPECT_FALSE(outside.registered());
    EXPECT_EQ("00000000", nameIn(outside));
}

// Its times do not count either: the clock is not read.
TEST_P(VerdictTest, recordSaysNothingOutOfItsScope) {
    add("02", {{"subnets", "2"}, {"access", "deny"}});
    add("03", {{"subnets", "2"}, {"access", "restrict"}});
    add("04", {{"subnets", "2"}, {"expires", NOON}});
    add("05", {{"subnets", "2"}, {"starts", NOON}});
    for (const std::string id : {"02", "03", "04", "05"}) {
        EXPECT_EQ(Standing::OUT_OF_SCOPE, judgeInSubnet1(id).standing) << id;
        EXPECT_EQ(std::nullopt, judgeInSubnet1(id).seconds_left) << id;
    }
    add("12", {{"subnets", "1"}, {"access", "deny"}});
    add("15", {{"subnets", "1"}, {"starts", NOON}});
    EXPECT_TRUE(judgeInSubnet1("12").denied());
    EXPECT_EQ(Standing::NOT_YET, judgeInSubnet1("15", afterNoon<-1>).standing);
}

TEST_P(VerdictTest, defaultUserLendsInItsScope) {
    add("00000000", {{"subnets", "1"}});
    EXPECT_EQ("00000000", nameIn(judgeInSubnet1("ff")));
    EXPECT_EQ(Standing::UNKNOWN, judgeInSubnet1("ff").standing);
}

TEST_P(VerdictTest, defaultUserLendsNothingElsewhere) {
    add("00000000", {{"subnets", "2"}});
    EXPECT_EQ("none", nameIn(judgeInSubnet1("ff")));
    EXPECT_EQ(Standing::UNKNOWN, judgeInSubnet1("ff").standing);
}

TEST_P(VerdictTest, defaultUserDeniesInItsScope) {
    add("00000000", {{"subnets", "1"}, {"access", "deny"}});
    EXPECT_TRUE(judgeInSubnet1("ff").denied());
}

TEST_P(VerdictTest, defaultUserDeniesNobodyElsewhere) {
    add("00000000", {{"subnets", "2"}, {"access", "deny"}});
    EXPECT_FALSE(judgeInSubnet1("ff").denied());
}

TEST_P(VerdictTest, clientWithoutAQueryIsWithinEachScope) {
    add("02", {{"subnets", "2"}});
    EXPECT_TRUE(judge(registry_.users(), GetParam(), UserId(GetParam(), "02")).registered());
}

INSTANTIATE_TEST_SUITE_P(BothTypes, VerdictTest, testing::Values(UserId::HW_ADDRESS, UserId::DUID));

// A registry of users of several types. An attribute of each user has its type, to recognize it.
class SeveralIdentifiersTest : public testing::Test {
protected:
    typedef std::vector<UserId> Ids;

    void add(const UserId& id, const std::string& access = "allow") {
        const std::string type = UserId::lookupTypeStr(id.getType());
        table_->add(id.getType(), id.getId(), {{"type", type}, {"access", access}}, 1);
        registry_.replace(table_);
    }

    Verdict judgeBy(const Ids& ids, const std::optional<UserId>& own = HARDWARE) {
        return judge(registry_.users(), UserId::HW_ADDRESS, ClientIds(own, ids), neverAsked);
    }

    static std::string typeIn(const Verdict& verdict) {
        return verdict.attributes ? verdict.attributes->properties.at("type") : "none";
    }

    static inline const UserId HARDWARE{UserId::HW_ADDRESS, BYTES};
    static inline const UserId PORT{UserId::CIRCUIT_ID, "67652d30"};
    static inline const UserId LINE{UserId::REMOTE_ID, "67652d30"}; // the same bytes
    Registry registry_;

private:
    const std::shared_ptr<UserTable> table_ =
        std::make_shared<UserTable>([](UserId::UserIdType, const PropertyMap& attributes) {
            return Meaning{std::make_shared<const UserRules>(UserRules::parse(attributes)), {}};
        });
};

TEST_F(SeveralIdentifiersTest, theFirstThatTheRegistryHasDecides) {
    add(PORT);
    add(HARDWARE);
    const Verdict by_port = judgeBy({PORT, HARDWARE});
    EXPECT_TRUE(by_port.registered());
    EXPECT_EQ("CIRCUIT_ID", typeIn(by_port));
    ASSERT_NE(nullptr, by_port.matched());
    EXPECT_EQ(PORT, *by_port.matched());
    EXPECT_EQ(HARDWARE, *by_port.recordedId());

    const Verdict by_hardware = judgeBy({LINE, HARDWARE, PORT});
    EXPECT_EQ("HW_ADDR", typeIn(by_hardware));
    EXPECT_EQ(nullptr, by_hardware.matched());
    EXPECT_EQ("CIRCUIT_ID", typeIn(judgeBy({LINE, PORT})));
}

TEST_F(SeveralIdentifiersTest, itDecidesEvenWhenItDenies) {
    add(PORT, "deny");
    add(HARDWARE);
    EXPECT_TRUE(judgeBy({PORT, HARDWARE}).denied());
    EXPECT_TRUE(judgeBy({HARDWARE, PORT}).registered());
}

TEST_F(SeveralIdentifiersTest, bytesOfAnotherTypeDoNotMatch) {
    add(PORT);
    EXPECT_EQ(Standing::UNKNOWN, judgeBy({LINE}).standing);
    EXPECT_EQ(nullptr, judgeBy({LINE}).matched());
}

TEST_F(SeveralIdentifiersTest, theClientsOwnIdIsLookedUpOnlyWhereItIsListed) {
    add(HARDWARE);
    EXPECT_FALSE(judgeBy({}).registered());
    EXPECT_FALSE(judgeBy({PORT}).registered());
}

TEST_F(SeveralIdentifiersTest, theDefaultUserIsNoClientAndLendsItsAttributes) {
    const UserId nobody(UserId::HW_ADDRESS, "00000000");
    const UserId zero_port(UserId::CIRCUIT_ID, "00000000");
    add(nobody);
    const Verdict verdict = judgeBy({zero_port, nobody}, nobody);
    EXPECT_EQ(Standing::UNKNOWN, verdict.standing);
    EXPECT_EQ("HW_ADDR", typeIn(verdict));
    add(zero_port);
    EXPECT_TRUE(judgeBy({zero_port}).registered());
}

TEST_F(SeveralIdentifiersTest, aClientWithoutAnIdOfItsOwnIsRecordedByTheOneThatDecided) {
    add(PORT);
    const Verdict verdict = judgeBy({PORT}, std::nullopt);
    EXPECT_TRUE(verdict.registered());
    EXPECT_EQ(PORT, *verdict.recordedId());
    EXPECT_EQ("CIRCUIT_ID=67652d30", clientText(verdict));
    EXPECT_EQ(nullptr, judgeBy({LINE}, std::nullopt).recordedId());
}

TEST_F(SeveralIdentifiersTest, messagesNameBoth) {
    add(PORT);
    EXPECT_EQ("HW_ADDR=0c0e0a01ff04 (CIRCUIT_ID=67652d30)", clientText(judgeBy({PORT})));
}

TEST(ClientTextTest, isTypeAndHexDigits) {
    Verdict verdict;
    EXPECT_EQ("a client without an identifier", clientText(verdict));
    verdict.client = UserId(UserId::HW_ADDRESS, BYTES);
    EXPECT_EQ("HW_ADDR=0c0e0a01ff04", clientText(verdict));
}

} // namespace
} // namespace user_chk::verdict_test
