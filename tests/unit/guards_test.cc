// SPDX-License-Identifier: MPL-2.0
// Tests how subnets are guarded.

#include <policy/guards.h>

#include <asiolink/io_address.h>
#include <dhcp/dhcp4.h>
#include <dhcpsrv/pool.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::guards_test {
namespace {

typedef std::set<ClientClass> Classes;

// Subnets 1 and 2 and the restricted subnet 9 share a network; 5 is on its own.
class GuardsTest : public testing::Test {
protected:
    GuardsTest() {
        settings_.restricted_subnet_id = 9;
        for (const SubnetID id : {1, 2, 5, 9}) {
            const auto subnet =
                boost::make_shared<Subnet4>(IOAddress("10.0." + std::to_string(id) + ".0"), 24, 1, 2, 3, id);
            subnet->addPool(boost::make_shared<Pool4>(subnet->get().first, 25));
            subnets_.insert(subnet);
        }
        for (const SubnetID id : {1, 2, 9}) {
            network_->add(subnet(id));
        }
    }

    void say(SubnetID id, const std::string& settings) {
        subnet(id)->setContext(isc::data::Element::fromJSON(R"({"user-chk": )" + settings + "}"));
    }
    Subnet4Ptr subnet(SubnetID id) const { return subnetWithId(subnets_, id); }
    Pool4Ptr pool(SubnetID id) const {
        return boost::dynamic_pointer_cast<Pool4>(subnet(id)->getPools(Lease::TYPE_V4).front());
    }
    Guarded guard() { return guardSubnets(subnets_, settings_, {"known", "unknown", global_reservations_}); }
    Classes of(SubnetID id) const { return kea::guardsOf(*subnet(id)); }

    Subnet4Collection subnets_;
    PlacementSettings settings_;
    bool global_reservations_ = false;
    const SharedNetwork4Ptr network_ = boost::make_shared<SharedNetwork4>("floor");
};

TEST_F(GuardsTest, setTheSidesOfANetworkApart) {
    const Guarded done = guard();
    EXPECT_TRUE(done.changed);
    EXPECT_EQ(std::set<std::string>{"floor"}, done.networks);
    EXPECT_EQ(Classes{NORMAL_GUARD}, of(1));
    EXPECT_EQ(Classes{NORMAL_GUARD}, of(2));
    EXPECT_EQ(Classes{RESTRICTED_GUARD}, of(9));
    EXPECT_EQ(Classes{}, of(5));
    EXPECT_EQ(Classes{}, kea::guardsOf(*pool(1)));
    EXPECT_TRUE(done.left.empty());
    EXPECT_FALSE(guard().changed) << "the second time";
}

TEST_F(GuardsTest, allThatThereAreIncludeThoseOfTheConfigurationAndOfNetworks) {
    const auto all = [this] {
        const ClientClasses guards = allGuards(subnets_);
        return Classes(guards.begin(), guards.end());
    };
    EXPECT_EQ(Classes{}, all());
    kea::setGuard(*subnet(5), "phones");
    kea::setGuard(*network_, "floor");
    kea::setGuard(*pool(1), "of a pool");
    EXPECT_EQ((Classes{"floor", "phones"}), all());
    guard();
    EXPECT_EQ((Classes{"floor", "phones", NORMAL_GUARD, RESTRICTED_GUARD}), all());
}

TEST_F(GuardsTest, areNotNeededInANetworkOfOneSide) {
    network_->del(9);
    const Guarded done = guard();
    EXPECT_TRUE(done.guards.empty());
    EXPECT_TRUE(done.networks.empty());
    EXPECT_EQ(Classes{}, of(1));
    EXPECT_EQ(Classes{}, of(9));
}

TEST_F(GuardsTest, areTakenOffWhenTheyAreNotNeededAnyMore) {
    guard();
    network_->del(9);
    EXPECT_TRUE(guard().changed);
    for (const SubnetID id : {1, 2, 9}) {
        EXPECT_EQ(Classes{}, of(id)) << id;
        EXPECT_TRUE(subnet(id)->clientSupported(ClientClasses())) << id;
    }
}

TEST_F(GuardsTest, tellSeveralRestrictedSubnetsOfANetworkFromEachOther) {
    say(1, R"({"restricted-subnet-id": 2})");
    guard();
    EXPECT_EQ(Classes{NORMAL_GUARD}, of(1));
    EXPECT_EQ(Classes{RESTRICTED_GUARD}, of(2));
    EXPECT_EQ(Classes{RESTRICTED_GUARD + "_2"}, of(9));
    const Guarded again = guard();
    EXPECT_FALSE(again.changed) << "the second time";
    EXPECT_TRUE(again.left.empty()) << "its own guards are not the operator's";
}

TEST_F(GuardsTest, keepTheClientsOfASubnetThatIsItsOwnRestrictedOne) {
    settings_.restricted_subnet_id = 5;
    say(1, R"({"restricted-subnet-id": 1})");
    say(2, R"({"unregistered-clients": "drop"})");
    say(9, R"({"restricted-subnet-id": 9})");
    const Guarded done = guard();
    EXPECT_EQ(Classes{OPEN_GUARD}, of(1));
    EXPECT_EQ(Classes{NORMAL_GUARD}, of(2));
    EXPECT_EQ(Classes{OPEN_GUARD + "_2"}, of(9));
    EXPECT_FALSE(done.guards.isRestricted(1)) << "others may be there";
    EXPECT_TRUE(done.without_global_reservations.empty());
}

TEST_F(GuardsTest, keepTheClientsThatAreRestrictedWhereKeaSelectsNoSubnet) {
    for (const SubnetID id : {1, 2, 5, 9}) {
        say(id, R"({"restricted-subnet-id": 5})");
    }
    guard();
    EXPECT_EQ(Classes{NORMAL_GUARD}, of(1));
    EXPECT_EQ(Classes{OPEN_GUARD}, of(9));
    settings_.unregistered_clients = PlacementSettings::Unregistered::DROP;
    EXPECT_TRUE(guard().networks.empty());
}

TEST_F(GuardsTest, ofTheConfigurationStayAndPoolsAreGuardedThen) {
    subnet(1)->allowClientClass("voip");
    const Guarded done = guard();
    EXPECT_EQ(Classes{"voip"}, of(1));
    EXPECT_EQ(Classes{NORMAL_GUARD}, kea::guardsOf(*pool(1)));
    EXPECT_TRUE(done.left.empty());
}

TEST_F(GuardsTest, ofTheConfigurationThatAreOnPoolsTooLeaveTheSubnetUnguarded) {
    subnet(9)->allowClientClass("guest");
    pool(9)->allowClientClass("guest");
    const Guarded done = guard();
    EXPECT_EQ(std::vector<std::string>{"subnet 10.0.9.0/24 (id 9)"}, done.left);
    EXPECT_EQ(Classes{"guest"}, kea::guardsOf(*pool(9)));
}

TEST_F(GuardsTest, ofTheClassesThatTellClientsApartDo) {
    subnet(1)->allowClientClass("known");
    subnet(9)->allowClientClass("unknown");
    const Guarded done = guard();
    EXPECT_EQ(Classes{"known"}, of(1));
    EXPECT_EQ(Classes{"unknown"}, of(9));
    EXPECT_EQ(Classes{}, kea::guardsOf(*pool(1)));
    EXPECT_TRUE(done.left.empty());
}

TEST_F(GuardsTest, onPoolsOfTheConfigurationStay) {
    pool(1)->allowClientClass("known");
    guard();
    EXPECT_EQ(Classes{NORMAL_GUARD}, of(1));
    EXPECT_EQ(Classes{"known"}, kea::guardsOf(*pool(1)));
}

// --- global reservations

TEST_F(GuardsTest, restrictedSubnetsTakeNoGlobalReservations) {
    global_reservations_ = true;
    EXPECT_EQ(std::vector<std::string>{"subnet 10.0.9.0/24 (id 9)"}, guard().without_global_reservations);
    EXPECT_FALSE(subnet(9)->getReservationsGlobal());
    EXPECT_TRUE(subnet(1)->getReservationsGlobal(Network::Inheritance::NONE).unspecified());
    EXPECT_TRUE(guard().without_global_reservations.empty()) << "the second time";
}

TEST_F(GuardsTest, restrictedSubnetsTakeNoneWhereTheyOrTheirNetworkSaySo) {
    subnet(9)->setReservationsGlobal(true);
    EXPECT_EQ(1, guard().without_global_reservations.size());
    network_->setReservationsGlobal(true);
    subnet(9)->setReservationsGlobal(isc::util::Optional<bool>());
    EXPECT_EQ(1, guard().without_global_reservations.size());
    EXPECT_FALSE(subnet(9)->getReservationsGlobal());
}

TEST_F(GuardsTest, restrictedSubnetsTakeThemAsBeforeBesideASubnetThatIsLeftOpen) {
    global_reservations_ = true;
    subnet(1)->allowClientClass("voip");
    EXPECT_TRUE(guard().without_global_reservations.empty());
    EXPECT_TRUE(subnet(9)->getReservationsGlobal(Network::Inheritance::NONE).unspecified());
}

TEST_F(GuardsTest, subnetsThatTakeNoneAnywayAreLeftAlone) {
    subnet(9)->setReservationsGlobal(false);
    global_reservations_ = true;
    EXPECT_TRUE(guard().without_global_reservations.empty());
}

// --- guards of a query

// Returns the guards that a query still has after it was placed.
std::set<std::string> left(const Guards& guards, SubnetID placed, bool restricted) {
    Pkt4 query(DHCPDISCOVER, 1);
    query.addClass("voip");
    guards.open(query);
    guards.close(query, placed, restricted);
    std::set<std::string> names(query.getClasses().begin(), query.getClasses().end());
    EXPECT_EQ(1, names.erase("voip"));
    names.erase("ALL"); // added by Kea 2.2
    return names;
}

TEST(GuardsOfQueryTest, areThoseOfItsSide) {
    Guards guards;
    guards.add(1, NORMAL_GUARD);
    guards.add(8, RESTRICTED_GUARD);
    guards.add(9, RESTRICTED_GUARD + "_2");
    typedef std::set<std::string> Names;
    EXPECT_EQ(Names{NORMAL_GUARD}, left(guards, 1, false));
    EXPECT_EQ(Names{NORMAL_GUARD}, left(guards, 8, false)) << "selected for a registered client";
    EXPECT_EQ(Names{RESTRICTED_GUARD}, left(guards, 8, true));
    EXPECT_EQ(Names{RESTRICTED_GUARD + "_2"}, left(guards, 9, true));
    EXPECT_EQ(Names{NORMAL_GUARD}, left(guards, 77, false)) << "a subnet that needs no guard";
    EXPECT_EQ(Names{}, left(guards, 77, true));
}

TEST(GuardsOfQueryTest, areThoseOfOpenSubnetsToo) {
    Guards guards;
    guards.add(1, NORMAL_GUARD);
    guards.add(8, RESTRICTED_GUARD);
    guards.add(9, OPEN_GUARD + "_2");
    typedef std::set<std::string> Names;
    const Names open = {NORMAL_GUARD, OPEN_GUARD + "_2"};
    EXPECT_EQ(open, left(guards, 1, false));
    EXPECT_EQ(open, left(guards, 9, false));
    EXPECT_EQ(Names{OPEN_GUARD + "_2"}, left(guards, 9, true));
    EXPECT_EQ(Names{RESTRICTED_GUARD}, left(guards, 8, true));
}

TEST(GuardsOfQueryTest, tellRestrictedSubnets) {
    Guards guards;
    EXPECT_FALSE(guards.isRestricted(1));
    guards.add(1, NORMAL_GUARD);
    guards.add(8, RESTRICTED_GUARD + "_2");
    guards.add(9, OPEN_GUARD);
    EXPECT_FALSE(guards.isRestricted(1));
    EXPECT_TRUE(guards.isRestricted(8));
    EXPECT_FALSE(guards.isRestricted(9));
}

} // namespace
} // namespace user_chk::guards_test
