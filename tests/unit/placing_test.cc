// SPDX-License-Identifier: MPL-2.0
// Tests the placing of queries.

#include <exchange/moved_client.h>
#include <exchange/placing.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option.h>
#include <dhcpsrv/shared_network.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::placing_test {
namespace {

Verdict verdictOn(bool registered) {
    Verdict verdict;
    verdict.standing = registered ? Verdict::Standing::REGISTERED : Verdict::Standing::UNKNOWN;
    return verdict;
}

// Subnets 10.0.1.0/24, 10.0.2.0/24 and the restricted 10.0.9.0/24; each id is the third byte.
class PlacingTest : public testing::Test {
protected:
    PlacingTest() {
        for (const SubnetID id : {1, 2, 9}) {
            subnets_.insert(
                boost::make_shared<Subnet4>(IOAddress("10.0." + std::to_string(id) + ".0"), 24, 1, 2, 3, id));
        }
    }

    Subnet4Ptr subnet(SubnetID id) const { return subnetWithId(subnets_, id); }
    void say(SubnetID id, const std::string& user_chk) const {
        subnet(id)->setContext(isc::data::Element::fromJSON("{\"user-chk\": " + user_chk + "}"));
    }

    // Returns the placement of a query for which the server selected a subnet.
    PlacedQuery<Dhcp4> place(bool registered, SubnetID selected) {
        Site site(parameters_);
        Site::Findings findings;
        const PlacementSettings settings = site.settle(subnets_);
        findings.for_unregistered = subnetsForUnregistered(subnets_, settings);
        findings.guards = guardSubnets(subnets_, settings, {"known", "unknown", false}).guards;
        findings.contexts.parse(subnets_);
        site.take(std::move(findings));
        site.findings().guards.open(*query_);
        stays_ = staysWhereItIs(site, registered, subnet(selected));
        return placeQuery<Dhcp4>(site, *query_, verdictOn(registered), subnet(selected), subnets_);
    }

    Parameters parameters_;
    Subnet4Collection subnets_;
    Pkt4Ptr query_ = boost::make_shared<Pkt4>(DHCPDISCOVER, 1);
    bool stays_ = false;
};

TEST_F(PlacingTest, registeredClientStaysWhereItIs) {
    EXPECT_EQ(1u, place(true, 1).subnet->getID());
    EXPECT_TRUE(stays_);
}

TEST_F(PlacingTest, unregisteredClientGetsTheRestrictedSubnetAndNoOther) {
    const PlacedQuery<Dhcp4> placed = place(false, 1);
    EXPECT_FALSE(stays_);
    EXPECT_EQ(9u, placed.subnet->getID());
    EXPECT_TRUE(placed.restricted());
    EXPECT_FALSE(placed.dropped());
}

TEST_F(PlacingTest, contextOfTheSubnetDecides) {
    say(1, R"({"restricted-subnet-id": 2})");
    EXPECT_EQ(2u, place(false, 1).subnet->getID());
    say(1, R"({"unregistered-clients": "classify"})");
    EXPECT_EQ(1u, place(false, 1).subnet->getID());
    EXPECT_TRUE(stays_);
    say(1, R"({"unregistered-clients": "drop"})");
    EXPECT_TRUE(place(false, 1).dropped());
    EXPECT_FALSE(place(true, 1).dropped());
}

TEST_F(PlacingTest, restrictedSubnetThatIsGoneIsTold) {
    parameters_.placement.restricted_subnet_id = 8;
    const PlacedQuery<Dhcp4> placed = place(false, 1);
    EXPECT_EQ(Placement::GONE, placed.placement);
    EXPECT_EQ(8u, placed.restricted_id);
    EXPECT_TRUE(placed.dropped());
}

TEST_F(PlacingTest, clientOfAnotherRestrictedSubnetStaysThereWhenItRenews) {
    say(1, R"({"restricted-subnet-id": 2})");
    query_->setType(DHCPREQUEST);
    query_->setCiaddr(IOAddress("10.0.2.7"));
    query_->setLocalAddr(IOAddress("10.0.2.1"));
    EXPECT_EQ(2u, place(false, 2).subnet->getID());
    say(2, R"({"restricted-subnet-id": 9})");
    EXPECT_EQ(9u, place(false, 2).subnet->getID()) << "where that subnet itself says where to go";
}

TEST_F(PlacingTest, sidesOfASharedNetworkAreClosedToEachOther) {
    const auto network = boost::make_shared<SharedNetwork4>("floor");
    for (const SubnetID id : {1, 2, 9}) {
        network->add(subnet(id));
    }
    EXPECT_EQ(1u, place(true, 1).subnet->getID());
    EXPECT_FALSE(stays_);
    EXPECT_TRUE(query_->inClass(NORMAL_GUARD));
    EXPECT_FALSE(query_->inClass(RESTRICTED_GUARD));

    query_ = boost::make_shared<Pkt4>(DHCPDISCOVER, 1);
    EXPECT_EQ(9u, place(false, 1).subnet->getID());
    EXPECT_FALSE(query_->inClass(NORMAL_GUARD));
    EXPECT_TRUE(query_->inClass(RESTRICTED_GUARD));
}

TEST_F(PlacingTest, clientThatHasMovedIsToldSo) {
    parameters_.placement.nak_moved_clients = true;
    query_->setType(DHCPREQUEST);
    query_->setLocalAddr(IOAddress("10.0.1.1"));
    query_->addOption(
        boost::make_shared<Option>(Option::V4, DHO_DHCP_REQUESTED_ADDRESS, IOAddress("10.0.1.7").toBytes()));
    const auto moved = place(false, 1).moved;
    ASSERT_TRUE(moved);
    EXPECT_EQ(IOAddress("10.0.1.7"), moved->address);
    EXPECT_FALSE(moved->left_behind);
    makeSureOfNak(query_);
    EXPECT_EQ(1u, query_->options_.count(DHO_DHCP_SERVER_IDENTIFIER)) << "so that every Kea answers";
}

TEST_F(PlacingTest, clientThatIsWhereItBelongsIsNotToldToMove) {
    parameters_.placement.nak_moved_clients = true;
    query_->setType(DHCPREQUEST);
    query_->addOption(
        boost::make_shared<Option>(Option::V4, DHO_DHCP_REQUESTED_ADDRESS, IOAddress("10.0.1.7").toBytes()));
    EXPECT_FALSE(place(true, 1).moved);
}

} // namespace
} // namespace user_chk::placing_test
