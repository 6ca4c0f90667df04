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
    UserPtr add(const std::string& id) {
        const UserPtr user = boost::make_shared<User>(GetParam(), id);
        registry_.addUser(user);
        return user;
    }
    VerdictPtr judgeId(const std::string& id) { return judge(registry_, GetParam(), UserId(GetParam(), id)); }

    UserRegistry registry_;
};

TEST_P(VerdictTest, registeredClientHasItsOwnAttributes) {
    add("00000000");
    const UserPtr user = add("0c0e0a01ff04");
    const VerdictPtr verdict = judgeId("0c0e0a01ff04");
    EXPECT_TRUE(verdict->registered());
    EXPECT_EQ(user, verdict->user);
    EXPECT_EQ(user, verdict->profile);
    EXPECT_EQ(UserId(GetParam(), BYTES), verdict->id);
}

TEST_P(VerdictTest, unregisteredClientHasTheDefaultUsersAttributes) {
    const UserPtr default_user = add("00000000");
    const VerdictPtr verdict = judgeId("ff");
    EXPECT_FALSE(verdict->registered());
    EXPECT_FALSE(verdict->user);
    EXPECT_EQ(default_user, verdict->profile);
}

TEST_P(VerdictTest, unregisteredClientHasNoAttributesWithoutADefaultUser) {
    EXPECT_FALSE(judgeId("ff")->profile);
}

TEST_P(VerdictTest, defaultRecordNeverMatchesAClient) {
    const UserPtr default_user = add("00000000");
    const VerdictPtr verdict = judgeId("00000000");
    EXPECT_FALSE(verdict->registered());
    EXPECT_EQ(default_user, verdict->profile);
}

TEST_P(VerdictTest, recordsOfOtherZeroesAreOrdinaryOnes) {
    add("000000000000");
    EXPECT_TRUE(judgeId("000000000000")->registered());
}

TEST_P(VerdictTest, queryWithoutAnIdIsOfAnUnregisteredClient) {
    const UserPtr default_user = add("00000000");
    const VerdictPtr verdict = judge(registry_, GetParam(), std::nullopt);
    EXPECT_FALSE(verdict->registered());
    EXPECT_EQ(std::nullopt, verdict->id);
    EXPECT_EQ(default_user, verdict->profile);
}

INSTANTIATE_TEST_SUITE_P(BothTypes, VerdictTest, testing::Values(UserId::HW_ADDRESS, UserId::DUID));

} // namespace
} // namespace user_chk
