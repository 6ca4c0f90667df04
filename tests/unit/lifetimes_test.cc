// SPDX-License-Identifier: MPL-2.0
// Tests the capping of lifetimes.

#include <options/lifetimes.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option6_ia.h>
#include <dhcp/option6_iaaddr.h>
#include <dhcp/option6_iaprefix.h>
#include <dhcp/option_int.h>

#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::lifetimes_test {
namespace {

// --- DHCPv4

class Lifetimes4Test : public testing::Test {
protected:
    void add(uint16_t code, uint32_t seconds) {
        response_.addOption(boost::make_shared<OptionUint32>(Option::V4, code, seconds));
    }
    // Returns the lease time, T1 and T2; none for each that the response does not have.
    std::vector<std::optional<uint32_t>> times() {
        std::vector<std::optional<uint32_t>> found;
        for (const uint16_t code : {DHO_DHCP_LEASE_TIME, DHO_DHCP_RENEWAL_TIME, DHO_DHCP_REBINDING_TIME}) {
            const auto option = boost::dynamic_pointer_cast<OptionUint32>(response_.getOption(code));
            found.push_back(option ? std::optional<uint32_t>(option->getValue()) : std::nullopt);
        }
        return found;
    }
    typedef std::vector<std::optional<uint32_t>> Times;

    Pkt4 response_{DHCPACK, 1};
};

TEST_F(Lifetimes4Test, aLongerLeaseAndItsTimesAreCapped) {
    add(DHO_DHCP_LEASE_TIME, 3600);
    add(DHO_DHCP_RENEWAL_TIME, 1800);
    add(DHO_DHCP_REBINDING_TIME, 3150);
    capLifetimes(response_, 100);
    EXPECT_EQ((Times{100, 50, 87}), times());
}

TEST_F(Lifetimes4Test, timesThatAreAbsentStayAbsent) {
    add(DHO_DHCP_LEASE_TIME, 3600);
    capLifetimes(response_, 100);
    EXPECT_EQ((Times{100, std::nullopt, std::nullopt}), times());
}

TEST_F(Lifetimes4Test, timesThatAreEarlierStay) {
    add(DHO_DHCP_LEASE_TIME, 3600);
    add(DHO_DHCP_RENEWAL_TIME, 30);
    add(DHO_DHCP_REBINDING_TIME, 60);
    capLifetimes(response_, 100);
    EXPECT_EQ((Times{100, 30, 60}), times());
}

TEST_F(Lifetimes4Test, aLeaseThatEndsInTimeStays) {
    for (const uint32_t most : {3600, 3601, 100000}) {
        add(DHO_DHCP_LEASE_TIME, 3600);
        add(DHO_DHCP_RENEWAL_TIME, 3500);
        add(DHO_DHCP_REBINDING_TIME, 3600);
        capLifetimes(response_, most);
        EXPECT_EQ((Times{3600, 3500, 3600}), times());
        response_.options_.clear();
    }
}

TEST_F(Lifetimes4Test, anInfiniteLeaseIsCapped) {
    add(DHO_DHCP_LEASE_TIME, 0xffffffff);
    add(DHO_DHCP_RENEWAL_TIME, 0xffffffff);
    add(DHO_DHCP_REBINDING_TIME, 0xffffffff);
    capLifetimes(response_, 0xfffffff8);
    EXPECT_EQ((Times{0xfffffff8, 0x7ffffffc, 0xdffffff9}), times());
    capLifetimes(response_, 1);
    EXPECT_EQ((Times{1, 0, 0}), times());
}

TEST_F(Lifetimes4Test, anOptionThatOtherResponsesShareIsNotChanged) {
    const auto shared = boost::make_shared<OptionUint32>(Option::V4, DHO_DHCP_LEASE_TIME, 3600);
    response_.addOption(shared);
    capLifetimes(response_, 100);
    EXPECT_EQ((Times{100, std::nullopt, std::nullopt}), times());
    EXPECT_EQ(3600, shared->getValue());
}

TEST_F(Lifetimes4Test, anOptionThatIsNoNumberIsLeftAlone) {
    response_.addOption(boost::make_shared<Option>(Option::V4, DHO_DHCP_LEASE_TIME, OptionBuffer{1}));
    EXPECT_NO_THROW(capLifetimes(response_, 100));
    EXPECT_EQ(1, response_.getOption(DHO_DHCP_LEASE_TIME)->toBinary(false).size());
}

TEST_F(Lifetimes4Test, aResponseWithoutALeaseTimeIsLeftAlone) {
    add(DHO_DHCP_RENEWAL_TIME, 1800);
    capLifetimes(response_, 100);
    EXPECT_EQ((Times{std::nullopt, 1800, std::nullopt}), times());
}

// --- DHCPv6

class Lifetimes6Test : public testing::Test {
protected:
    Option6IAPtr addIa(uint16_t code, uint32_t t1, uint32_t t2) {
        const auto ia = boost::make_shared<Option6IA>(code, 1);
        ia->setT1(t1);
        ia->setT2(t2);
        response_.addOption(ia);
        return ia;
    }
    static Option6IAAddrPtr addAddress(const Option6IAPtr& ia, uint32_t preferred, uint32_t valid) {
        const auto lease =
            boost::make_shared<Option6IAAddr>(D6O_IAADDR, IOAddress("2001:db8::7"), preferred, valid);
        ia->addOption(lease);
        return lease;
    }
    static Option6IAAddrPtr addPrefix(const Option6IAPtr& ia, uint32_t preferred, uint32_t valid) {
        const auto lease = boost::make_shared<Option6IAPrefix>(D6O_IAPREFIX, IOAddress("2001:db8:2::"), 48,
                                                               preferred, valid);
        ia->addOption(lease);
        return lease;
    }
    typedef std::pair<uint32_t, uint32_t> Pair;
    static Pair lifetimesOf(const Option6IAAddrPtr& lease) {
        return {lease->getPreferred(), lease->getValid()};
    }
    static Pair timesOf(const Option6IAPtr& ia) { return {ia->getT1(), ia->getT2()}; }

    Pkt6 response_{DHCPV6_REPLY, 1};
};

TEST_F(Lifetimes6Test, addressesAndPrefixesAreCappedWithTheTimesOfTheirAssociations) {
    const auto na = addIa(D6O_IA_NA, 900, 1440);
    const auto pd = addIa(D6O_IA_PD, 900, 1440);
    const auto address = addAddress(na, 1800, 3600);
    const auto second = addAddress(na, 50, 70);
    const auto prefix = addPrefix(pd, 1800, 3600);
    capLifetimes(response_, 101);
    EXPECT_EQ(Pair(101, 101), lifetimesOf(address));
    EXPECT_EQ(Pair(50, 70), lifetimesOf(second));
    EXPECT_EQ(Pair(101, 101), lifetimesOf(prefix));
    EXPECT_EQ(Pair(50, 80), timesOf(na));
    EXPECT_EQ(Pair(50, 80), timesOf(pd));
}

TEST_F(Lifetimes6Test, everyAssociationIsCapped) {
    const auto first = addAddress(addIa(D6O_IA_NA, 900, 1440), 1800, 3600);
    const auto second = addAddress(addIa(D6O_IA_NA, 900, 1440), 1800, 3600);
    capLifetimes(response_, 100);
    EXPECT_EQ(Pair(100, 100), lifetimesOf(first));
    EXPECT_EQ(Pair(100, 100), lifetimesOf(second));
}

TEST_F(Lifetimes6Test, preferredLifetimeAndTimesThatAreEarlierStay) {
    const auto na = addIa(D6O_IA_NA, 20, 0);
    const auto address = addAddress(na, 60, 3600);
    capLifetimes(response_, 100);
    EXPECT_EQ(Pair(60, 100), lifetimesOf(address));
    EXPECT_EQ(Pair(20, 0), timesOf(na)) << "0 leaves it to the client";
}

TEST_F(Lifetimes6Test, whatEndsInTimeStays) {
    const auto na = addIa(D6O_IA_NA, 3500, 3600);
    const auto address = addAddress(na, 3600, 3600);
    const auto given_up = addAddress(na, 0, 0);
    capLifetimes(response_, 3600);
    EXPECT_EQ(Pair(3600, 3600), lifetimesOf(address));
    EXPECT_EQ(Pair(0, 0), lifetimesOf(given_up));
    EXPECT_EQ(Pair(3500, 3600), timesOf(na));
}

TEST_F(Lifetimes6Test, infiniteLifetimesAreCapped) {
    const auto na = addIa(D6O_IA_NA, 0xffffffff, 0xffffffff);
    const auto address = addAddress(na, 0xffffffff, 0xffffffff);
    capLifetimes(response_, 0xfffffffa);
    EXPECT_EQ(Pair(0xfffffffa, 0xfffffffa), lifetimesOf(address));
    EXPECT_EQ(Pair(0x7ffffffd, 0xccccccc8), timesOf(na));
}

TEST_F(Lifetimes6Test, aResponseWithoutLeasesIsLeftAlone) {
    const auto na = addIa(D6O_IA_NA, 900, 1440);
    capLifetimes(response_, 100);
    EXPECT_EQ(Pair(900, 1440), timesOf(na));
    EXPECT_NO_THROW(capLifetimes(response_, 1));
}

} // namespace
} // namespace user_chk::lifetimes_test
