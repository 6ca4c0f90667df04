// SPDX-License-Identifier: MPL-2.0
// Tests the recognition of DHCPv4 clients that have moved.

#include <config.h> // Kea's own; Kea's TLS headers need it
#include <exchange/moved_client.h>

#include <dhcp/dhcp4.h>
#include <dhcp/option.h>
#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/host.h>
#include <dhcpsrv/shared_network.h>
#include <util/buffer.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::moved_client_test {
namespace {

// --- the address that a client holds

OptionPtr requestedAddress(const std::string& address) {
    return boost::make_shared<Option>(Option::V4, DHO_DHCP_REQUESTED_ADDRESS, IOAddress(address).toBytes());
}

TEST(AddressHeldTest, isTheOneThatAClientRebootsWith) {
    Pkt4 query(DHCPREQUEST, 1);
    query.addOption(requestedAddress("10.0.1.7"));
    EXPECT_EQ(IOAddress("10.0.1.7"), addressHeld(query));
}

TEST(AddressHeldTest, isTheOneThatAClientRenewsOrRebinds) {
    Pkt4 query(DHCPREQUEST, 1);
    query.setCiaddr(IOAddress("10.0.1.8"));
    EXPECT_EQ(IOAddress("10.0.1.8"), addressHeld(query));
}

TEST(AddressHeldTest, isNoneWhenAClientSelectsAnOffer) {
    Pkt4 query(DHCPREQUEST, 1);
    query.addOption(requestedAddress("10.0.1.7"));
    query.addOption(
        boost::make_shared<Option>(Option::V4, DHO_DHCP_SERVER_IDENTIFIER, OptionBuffer{10, 0, 0, 1}));
    EXPECT_EQ(std::nullopt, addressHeld(query));
    query.setCiaddr(IOAddress("10.0.2.7")); // as NetworkManager leaves it
    EXPECT_EQ(std::nullopt, addressHeld(query));
}

TEST(AddressHeldTest, isNoneInARequestThatNamesNone) {
    EXPECT_EQ(std::nullopt, addressHeld(Pkt4(DHCPREQUEST, 1)));
}

TEST(AddressHeldTest, isNoneInAnOptionThatIsNoAddress) {
    for (const OptionBuffer& wrong : {OptionBuffer{}, OptionBuffer{1, 2, 3}, OptionBuffer{1, 2, 3, 4, 5}}) {
        Pkt4 query(DHCPREQUEST, 1);
        query.addOption(boost::make_shared<Option>(Option::V4, DHO_DHCP_REQUESTED_ADDRESS, wrong));
        EXPECT_EQ(std::nullopt, addressHeld(query)) << wrong.size();
    }
}

TEST(AddressHeldTest, isReadOfAQueryAsItComes) {
    Pkt4 sent(DHCPREQUEST, 1);
    sent.addOption(requestedAddress("10.0.1.7"));
    sent.pack();
    Pkt4 query(static_cast<const uint8_t*>(sent.getBuffer().getData()),
               static_cast<uint32_t>(sent.getBuffer().getLength()));
    query.unpack();
    EXPECT_EQ(IOAddress("10.0.1.7"), addressHeld(query));
}

TEST(AddressHeldTest, isNoneInOtherMessages) {
    for (const uint8_t type : {DHCPDISCOVER, DHCPINFORM, DHCPRELEASE, DHCPDECLINE}) {
        Pkt4 query(type, 1);
        query.setCiaddr(IOAddress("10.0.1.8"));
        query.addOption(requestedAddress("10.0.1.7"));
        EXPECT_EQ(std::nullopt, addressHeld(query)) << int(type);
    }
}

// --- whose address it is

TEST(IsOfAnyTest, isOneWithinTheRangeOfASubnet) {
    Subnet4Collection subnets;
    EXPECT_FALSE(isOfAny(IOAddress("10.0.1.7"), subnets));
    for (const SubnetID id : {1, 2}) {
        subnets.insert(
            boost::make_shared<Subnet4>(IOAddress("10.0." + std::to_string(id) + ".0"), 24, 1, 2, 3, id));
    }
    EXPECT_TRUE(isOfAny(IOAddress("10.0.1.7"), subnets));
    EXPECT_TRUE(isOfAny(IOAddress("10.0.2.255"), subnets));
    EXPECT_FALSE(isOfAny(IOAddress("10.0.3.7"), subnets));
}

// --- where a client belongs

// Subnet 1 is on its own; 2 and 3 share a network. The client is in the class MINE.
class MovedTest : public testing::Test {
protected:
    MovedTest() {
        network_->add(two_);
        network_->add(three_);
        mine_.insert("MINE");
    }
    ~MovedTest() override { CfgMgr::instance().clear(); }

    static Subnet4Ptr subnet(SubnetID id) {
        return boost::make_shared<Subnet4>(IOAddress("10.0." + std::to_string(id) + ".0"), 24, 1, 2, 3, id);
    }

    // Adds the first or the second half of the subnet as a pool.
    static Pool4Ptr addPool(const Subnet4Ptr& subnet, bool second_half) {
        const uint32_t first = subnet->get().first.toUint32() + (second_half ? 128 : 0);
        const auto pool = boost::make_shared<Pool4>(IOAddress(first), IOAddress(first + 127));
        subnet->addPool(pool);
        return pool;
    }

    static void reserve(SubnetID subnet, const std::string& address) {
        CfgMgr::instance().getCurrentCfg()->getCfgHosts()->add(boost::make_shared<Host>(
            "01:02:03:04:05:06", "hw-address", subnet, SUBNET_ID_UNUSED, IOAddress(address)));
    }
    static void reserve(const Subnet4Ptr& subnet, const std::string& address) {
        reserve(subnet->getID(), address);
    }

    bool outside(const std::string& address, const Subnet4Ptr& placed, bool restricted = false) const {
        return hasMovedAwayFrom(IOAddress(address), *placed, restricted, mine_, "OTHER");
    }

    const Subnet4Ptr alone_ = subnet(1);
    const Subnet4Ptr two_ = subnet(2);
    const Subnet4Ptr three_ = subnet(3);
    const SharedNetwork4Ptr network_ = boost::make_shared<SharedNetwork4>("floor");
    ClientClasses mine_;
};

TEST_F(MovedTest, aSubnetAloneIsWhereItsClientsBelong) {
    EXPECT_FALSE(outside("10.0.1.7", alone_));
    EXPECT_TRUE(outside("10.0.2.7", alone_));
    EXPECT_FALSE(outside("10.0.1.7", alone_, true));
    EXPECT_TRUE(outside("10.0.2.7", alone_, true));
}

TEST_F(MovedTest, siblingsAreWhereAClientBelongsToo) {
    EXPECT_FALSE(outside("10.0.2.7", two_));
    EXPECT_FALSE(outside("10.0.3.7", two_));
    EXPECT_TRUE(outside("10.0.1.7", two_));
}

TEST_F(MovedTest, aRestrictedClientBelongsToItsSubnetAlone) {
    EXPECT_FALSE(outside("10.0.2.7", two_, true));
    EXPECT_TRUE(outside("10.0.3.7", two_, true));
}

TEST_F(MovedTest, aSiblingThatIsForTheOtherSideIsOutside) {
    three_->allowClientClass("OTHER");
    EXPECT_TRUE(outside("10.0.3.7", two_));
    EXPECT_FALSE(outside("10.0.2.7", two_));
}

TEST_F(MovedTest, theSelectedSubnetIsOutsideWhenItIsForTheOtherSide) {
    two_->allowClientClass("OTHER");
    EXPECT_TRUE(outside("10.0.2.7", two_));
    EXPECT_FALSE(outside("10.0.3.7", two_));
}

TEST_F(MovedTest, aGuardThatHasNothingToDoWithTheSidesDoesNotMoveAnybody) {
    three_->allowClientClass("voip");
    EXPECT_FALSE(outside("10.0.3.7", two_));
    addPool(alone_, false)->allowClientClass("voip");
    EXPECT_FALSE(outside("10.0.1.7", alone_));
}

TEST_F(MovedTest, aGuardForTheClientsOwnSideLetsItStay) {
    three_->allowClientClass("MINE");
    addPool(two_, false)->allowClientClass("MINE");
    EXPECT_FALSE(outside("10.0.3.7", two_));
    EXPECT_FALSE(outside("10.0.2.7", two_));
}

TEST_F(MovedTest, aPoolThatIsForTheOtherSideIsOutside) {
    addPool(alone_, false)->allowClientClass("OTHER");
    addPool(alone_, true)->allowClientClass("MINE");
    EXPECT_TRUE(outside("10.0.1.7", alone_));
    EXPECT_FALSE(outside("10.0.1.200", alone_));

    addPool(three_, false)->allowClientClass("OTHER");
    addPool(three_, true);
    EXPECT_TRUE(outside("10.0.3.7", two_));
    EXPECT_FALSE(outside("10.0.3.200", two_));
}

TEST_F(MovedTest, anAddressOfTheSubnetThatIsInNoPoolIsNot) {
    addPool(alone_, true)->allowClientClass("OTHER");
    EXPECT_FALSE(outside("10.0.1.7", alone_));
}

TEST_F(MovedTest, anAddressThatIsReservedIsNotEvenInAGuardedPool) {
    addPool(alone_, false)->allowClientClass("OTHER");
    reserve(alone_, "10.0.1.7");
    EXPECT_FALSE(outside("10.0.1.7", alone_));
    EXPECT_TRUE(outside("10.0.1.8", alone_));
}

TEST_F(MovedTest, anAddressThatIsReservedInAnotherSubnetIs) {
    reserve(two_, "10.0.2.7");
    EXPECT_TRUE(outside("10.0.2.7", alone_));
    three_->allowClientClass("OTHER");
    reserve(three_, "10.0.3.7");
    EXPECT_TRUE(outside("10.0.3.7", two_)) << "the subnet as a whole is for the other side";
}

TEST_F(MovedTest, anAddressThatIsReservedGloballyIsNotWhereTheSubnetTakesSuch) {
    reserve(SUBNET_ID_GLOBAL, "10.0.9.9");
    EXPECT_TRUE(outside("10.0.9.9", alone_));
    alone_->setReservationsGlobal(true);
    EXPECT_FALSE(outside("10.0.9.9", alone_));
    EXPECT_TRUE(outside("10.0.9.9", alone_, true)) << "of a restricted client";
}

TEST_F(MovedTest, aSiblingThatTheLibraryGuardsForTheOtherSideIsOutside) {
    three_->allowClientClass("USER_CHK_RESTRICTED");
    EXPECT_TRUE(outside("10.0.3.7", two_));
    mine_.insert("USER_CHK_RESTRICTED");
    EXPECT_FALSE(outside("10.0.3.7", two_));
}

} // namespace
} // namespace user_chk::moved_client_test
