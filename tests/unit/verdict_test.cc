// SPDX-License-Identifier: MPL-2.0
// Tests the identification of clients and the verdict on them.

#include <policy/verdict.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;

namespace user_chk {
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

class VerdictTest : public testing::TestWithParam<UserId::UserIdType> {
protected:
    // Each user has its id as an attribute, to be known by.
    void add(const std::string& id) {
        const UserPtr user = boost::make_shared<User>(GetParam(), id);
        user->setProperty("name", id);
        registry_.addUser(user);
    }
    VerdictPtr judgeId(const std::string& id) { return judge(registry_, GetParam(), UserId(GetParam(), id)); }

    static std::string nameIn(const VerdictPtr& verdict) {
        return verdict->attributes ? verdict->attributes->at("name") : "none";
    }

    UserRegistry registry_;
};

TEST_P(VerdictTest, registeredClientHasItsOwnAttributes) {
    add("00000000");
    add("0c0e0a01ff04");
    const VerdictPtr verdict = judgeId("0c0e0a01ff04");
    EXPECT_TRUE(verdict->registered);
    EXPECT_EQ("0c0e0a01ff04", nameIn(verdict));
    EXPECT_EQ(UserId(GetParam(), BYTES), verdict->id);
}

TEST_P(VerdictTest, unregisteredClientHasTheDefaultUsersAttributes) {
    add("00000000");
    const VerdictPtr verdict = judgeId("ff");
    EXPECT_FALSE(verdict->registered);
    EXPECT_EQ("00000000", nameIn(verdict));
}

TEST_P(VerdictTest, unregisteredClientHasNoAttributesWithoutADefaultUser) {
    EXPECT_EQ("none", nameIn(judgeId("ff")));
}

TEST_P(VerdictTest, defaultRecordNeverMatchesAClient) {
    add("00000000");
    const VerdictPtr verdict = judgeId("00000000");
    EXPECT_FALSE(verdict->registered);
    EXPECT_EQ("00000000", nameIn(verdict));
}

TEST_P(VerdictTest, recordsOfOtherZeroesAreOrdinaryOnes) {
    add("000000000000");
    EXPECT_TRUE(judgeId("000000000000")->registered);
}

TEST_P(VerdictTest, queryWithoutAnIdIsOfAnUnregisteredClient) {
    add("00000000");
    const VerdictPtr verdict = judge(registry_, GetParam(), std::nullopt);
    EXPECT_FALSE(verdict->registered);
    EXPECT_EQ(std::nullopt, verdict->id);
    EXPECT_EQ("00000000", nameIn(verdict));
}

TEST_P(VerdictTest, attributesStayAsTheyWereWhenTheRegistryChanges) {
    add("ff");
    const VerdictPtr verdict = judgeId("ff");
    registry_.clearall();
    EXPECT_EQ("ff", nameIn(verdict));
}

INSTANTIATE_TEST_SUITE_P(BothTypes, VerdictTest, testing::Values(UserId::HW_ADDRESS, UserId::DUID));

} // namespace
} // namespace user_chk
