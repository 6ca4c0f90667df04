// SPDX-License-Identifier: MPL-2.0
// Tests what clients have a claim to in the siblings of their restricted subnet.

#include <config.h> // Kea's own; its headers for TLS ask for it
#include <policy/sibling_claim.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/duid.h>
#include <dhcp/option6_ia.h>
#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/host.h>
#include <dhcpsrv/lease_mgr_factory.h>
#include <dhcpsrv/shared_network.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk {
namespace {

typedef std::optional<IOAddress> Claim;
const std::vector<uint8_t> ID = {1, 2, 3, 4, 5, 6};
const std::string ID_TEXT = "01:02:03:04:05:06";

// Subnet 1 stands alone; 2, 3 and 4 share a network, of which 3 is the restricted one.
class SiblingClaim4Test : public testing::Test {
protected:
    SiblingClaim4Test() {
        for (const SubnetID id : {2, 3, 4}) {
            network_->add(subnets_[id - 1]);
        }
        query_.setHWAddr(boost::make_shared<HWAddr>(ID, HTYPE_ETHER));
    }
    ~SiblingClaim4Test() override { CfgMgr::instance().clear(); }

    static Subnet4Ptr subnet(SubnetID id) {
        const auto made =
            boost::make_shared<Subnet4>(IOAddress("10.0." + std::to_string(id) + ".0"), 24, 1, 2, 3, id);
        made->setReservationsInSubnet(true);
        return made;
    }
    static IOAddress addressIn(SubnetID id) { return IOAddress("10.0." + std::to_string(id) + ".7"); }
    void reserve(SubnetID id, const std::string& type = "hw-address") {
        CfgMgr::instance().getCurrentCfg()->getCfgHosts()->add(
            boost::make_shared<Host>(ID_TEXT, type, id, SUBNET_ID_UNUSED, addressIn(id)));
    }
    Claim claim() { return siblingClaim(query_, *subnets_[2]); }

    const std::vector<Subnet4Ptr> subnets_ = {subnet(1), subnet(2), subnet(3), subnet(4)};
    const SharedNetwork4Ptr network_ = boost::make_shared<SharedNetwork4>("floor");
    Pkt4 query_{DHCPDISCOVER, 1};
};

TEST_F(SiblingClaim4Test, isNoneWithoutAReservation) {
    EXPECT_EQ(std::nullopt, claim());
}

TEST_F(SiblingClaim4Test, isNoneWithoutAnIdentifier) {
    Pkt4 query(DHCPDISCOVER, 1);
    reserve(4);
    EXPECT_EQ(std::nullopt, siblingClaim(query, *subnets_[2]));
}

TEST_F(SiblingClaim4Test, isWhatIsReservedInASibling) {
    reserve(4);
    EXPECT_EQ(addressIn(4), claim());
    query_.setType(DHCPREQUEST);
    EXPECT_EQ(addressIn(4), claim());
}

TEST_F(SiblingClaim4Test, isFoundByTheClientsOwnIdentifierToo) {
    reserve(4, "client-id");
    EXPECT_EQ(std::nullopt, claim());
    query_.addOption(boost::make_shared<Option>(Option::V4, DHO_DHCP_CLIENT_IDENTIFIER, ID));
    EXPECT_EQ(addressIn(4), claim());
}

TEST_F(SiblingClaim4Test, isNoneWhereTheReservationIsInTheRestrictedSubnetItself) {
    reserve(3);
    reserve(4);
    EXPECT_EQ(std::nullopt, claim());
}

TEST_F(SiblingClaim4Test, isNoneOutsideOfTheNetwork) {
    reserve(1);
    EXPECT_EQ(std::nullopt, claim());
    reserve(4);
    EXPECT_EQ(std::nullopt, siblingClaim(query_, *subnets_[0]));
}

TEST_F(SiblingClaim4Test, isNoneWhereAGuardKeepsTheClientOut) {
    reserve(4);
    subnets_[3]->allowClientClass("registered");
    EXPECT_EQ(std::nullopt, claim());
    query_.addClass("registered");
    EXPECT_EQ(addressIn(4), claim());
}

TEST_F(SiblingClaim4Test, isNoneWhereReservationsAreNotLookedAt) {
    reserve(4);
    subnets_[3]->setReservationsInSubnet(false);
    EXPECT_EQ(std::nullopt, claim());
}

TEST_F(SiblingClaim4Test, isNoneForWhatAsksForNoLease) {
    reserve(4);
    for (const uint8_t type : {DHCPINFORM, DHCPRELEASE, DHCPDECLINE}) {
        query_.setType(type);
        EXPECT_EQ(std::nullopt, claim()) << int(type);
    }
}

TEST_F(SiblingClaim4Test, isNoneForAReservationWithoutAnAddress) {
    CfgMgr::instance().getCurrentCfg()->getCfgHosts()->add(boost::make_shared<Host>(
        ID_TEXT, "hw-address", 4, SUBNET_ID_UNUSED, IOAddress::IPV4_ZERO_ADDRESS(), "name"));
    EXPECT_EQ(std::nullopt, claim());
}

class SiblingClaim6Test : public testing::Test {
protected:
    SiblingClaim6Test() {
        LeaseMgrFactory::create("type=memfile persist=false universe=6");
        for (const SubnetID id : {2, 3, 4}) {
            network_->add(subnets_[id - 1]);
        }
        query_.addOption(boost::make_shared<Option>(Option::V6, D6O_CLIENTID, ID));
        query_.addOption(boost::make_shared<Option6IA>(D6O_IA_NA, 7));
        query_.addOption(boost::make_shared<Option6IA>(D6O_IA_PD, 8));
    }
    ~SiblingClaim6Test() override {
        LeaseMgrFactory::destroy();
        CfgMgr::instance().clear();
    }

    // Has all its addresses in a pool, and prefixes to delegate.
    static Subnet6Ptr subnet(SubnetID id) {
        const auto made = boost::make_shared<Subnet6>(prefix(id), 64, 1, 2, 3, 4, id);
        made->setReservationsInSubnet(true);
        made->addPool(boost::make_shared<Pool6>(Lease::TYPE_NA, prefix(id), 64));
        made->addPool(boost::make_shared<Pool6>(Lease::TYPE_PD, delegated(id), 48, 64));
        return made;
    }
    static IOAddress prefix(SubnetID id) { return IOAddress("2001:db8:" + std::to_string(id) + "::"); }
    static IOAddress delegated(SubnetID id) { return IOAddress("2001:db8:ff" + std::to_string(id) + "::"); }
    static IOAddress addressIn(SubnetID id) { return IOAddress("2001:db8:" + std::to_string(id) + "::7"); }

    void reserve(SubnetID id) {
        const auto host =
            boost::make_shared<Host>(ID_TEXT, "duid", SUBNET_ID_UNUSED, id, IOAddress::IPV4_ZERO_ADDRESS());
        host->addReservation(IPv6Resrv(IPv6Resrv::TYPE_NA, addressIn(id)));
        CfgMgr::instance().getCurrentCfg()->getCfgHosts()->add(host);
    }
    void lease(Lease::Type type, const IOAddress& address, uint32_t iaid, SubnetID id) {
        LeaseMgrFactory::instance().addLease(
            boost::make_shared<Lease6>(type, address, boost::make_shared<DUID>(ID), iaid, 100, 200, id,
                                       HWAddrPtr(), type == Lease::TYPE_PD ? 64 : 128));
    }
    Claim claim() { return siblingClaim(query_, *subnets_[2]); }

    const std::vector<Subnet6Ptr> subnets_ = {subnet(1), subnet(2), subnet(3), subnet(4)};
    const SharedNetwork6Ptr network_ = boost::make_shared<SharedNetwork6>("floor");
    Pkt6 query_{DHCPV6_REQUEST, 1};
};

TEST_F(SiblingClaim6Test, isNoneWithoutReservationOrLease) {
    EXPECT_EQ(std::nullopt, claim());
    query_.delOption(D6O_CLIENTID);
    EXPECT_EQ(std::nullopt, claim());
}

TEST_F(SiblingClaim6Test, isWhatIsReservedInASibling) {
    reserve(4);
    for (const uint8_t type : {DHCPV6_SOLICIT, DHCPV6_REQUEST, DHCPV6_RENEW, DHCPV6_REBIND}) {
        query_.setType(type);
        EXPECT_EQ(addressIn(4), claim()) << int(type);
    }
    for (const uint8_t type : {DHCPV6_CONFIRM, DHCPV6_RELEASE, DHCPV6_DECLINE, DHCPV6_INFORMATION_REQUEST}) {
        query_.setType(type);
        EXPECT_EQ(std::nullopt, claim()) << int(type);
    }
}

TEST_F(SiblingClaim6Test, isNoneWhereTheReservationIsInTheRestrictedSubnetItself) {
    reserve(3);
    reserve(4);
    EXPECT_EQ(std::nullopt, claim());
}

TEST_F(SiblingClaim6Test, isWhatIsLeasedInASibling) {
    lease(Lease::TYPE_NA, addressIn(4), 7, 4);
    EXPECT_EQ(addressIn(4), claim());
}

TEST_F(SiblingClaim6Test, isAPrefixThatIsLeasedThere) {
    lease(Lease::TYPE_PD, delegated(2), 8, 2);
    EXPECT_EQ(delegated(2), claim());
}

TEST_F(SiblingClaim6Test, isNoLeaseOfAnother) {
    lease(Lease::TYPE_NA, addressIn(3), 7, 3); // in the restricted subnet
    lease(Lease::TYPE_NA, addressIn(1), 7, 1); // outside of the network
    lease(Lease::TYPE_NA, addressIn(4), 9, 4); // of an association that is not asked for
    EXPECT_EQ(std::nullopt, claim());
}

TEST_F(SiblingClaim6Test, isNoneWhereAGuardKeepsTheClientOut) {
    lease(Lease::TYPE_NA, addressIn(4), 7, 4);
    reserve(2);
    subnets_[1]->allowClientClass("registered");
    subnets_[3]->allowClientClass("registered");
    EXPECT_EQ(std::nullopt, claim());
}

TEST_F(SiblingClaim6Test, isNoLeaseOfAPoolThatAGuardCloses) {
    lease(Lease::TYPE_NA, addressIn(4), 7, 4);
    subnets_[3]->getPools(Lease::TYPE_NA).front()->allowClientClass("registered");
    EXPECT_EQ(std::nullopt, claim());
}

} // namespace
} // namespace user_chk
