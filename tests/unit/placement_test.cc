// SPDX-License-Identifier: MPL-2.0
// Tests the placement of clients.

#include <policy/placement.h>

#include <asiolink/io_address.h>
#include <dhcpsrv/subnet.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::placement_test {
namespace {

using Unregistered = PlacementSettings::Unregistered;

PlacementSettings settingsWith(Unregistered unregistered) {
    PlacementSettings settings;
    settings.unregistered_clients = unregistered;
    return settings;
}

PlacementSettings settingsWith(SubnetID restricted) {
    PlacementSettings settings;
    settings.restricted_subnet_id = restricted;
    return settings;
}

Subnet4Ptr makeSubnet(const std::string& prefix, SubnetID id) {
    return boost::make_shared<Subnet4>(IOAddress(prefix), 24, 1, 2, 3, id);
}

class RestrictedSubnetTest : public testing::Test {
protected:
    RestrictedSubnetTest() {
        subnets_.insert(makeSubnet("10.0.9.0", 20));
        subnets_.insert(makeSubnet("10.0.1.0", 300));
        subnets_.insert(makeSubnet("10.0.5.0", 1));
    }

    Subnet4Collection subnets_;
};

TEST(PlacementTest, registeredClientKeepsItsSubnetWhateverBecomesOfOthers) {
    for (const auto unregistered : {Unregistered::RESTRICT, Unregistered::DROP, Unregistered::CLASSIFY}) {
        EXPECT_EQ(Placement::SELECTED, placementOf(true, settingsWith(unregistered)));
    }
}

TEST(PlacementTest, unregisteredClientIsPlacedByTheSettings) {
    EXPECT_EQ(Placement::RESTRICTED, placementOf(false, PlacementSettings()));
    EXPECT_EQ(Placement::RESTRICTED, placementOf(false, settingsWith(Unregistered::RESTRICT)));
    EXPECT_EQ(Placement::DROPPED, placementOf(false, settingsWith(Unregistered::DROP)));
    EXPECT_EQ(Placement::SELECTED, placementOf(false, settingsWith(Unregistered::CLASSIFY)));
}

TEST_F(RestrictedSubnetTest, isTheOneOfTheHighestIdUntilItIsNamed) {
    EXPECT_EQ(std::optional<SubnetID>(300), lastSubnetId(subnets_));
    EXPECT_EQ(std::nullopt, lastSubnetId(Subnet4Collection()));
    EXPECT_EQ(std::nullopt, lastSubnetId(Subnet6Collection()));
}

// --- a query

class PlacedTest : public RestrictedSubnetTest {
protected:
    // Returns the id of the subnet for a query that the server put into subnet 20; 0 for none.
    SubnetID idFor(bool registered, const PlacementSettings& settings) {
        const auto [placement, subnet] = placed(registered, settings, selected_, subnets_);
        EXPECT_EQ(placementOf(registered, settings), placement);
        return subnet ? subnet->getID() : 0;
    }

    Subnet4Ptr selected_ = *subnets_.get<SubnetSubnetIdIndexTag>().find(SubnetID(20));
};

TEST_F(PlacedTest, isInTheRestrictedSubnetWhenItsClientIsToBe) {
    for (const SubnetID id : {1, 20, 300}) {
        EXPECT_EQ(id, idFor(false, settingsWith(id)));
    }
    selected_.reset();
    EXPECT_EQ(1, idFor(false, settingsWith(SubnetID(1))));
}

TEST_F(PlacedTest, isWhereTheServerPutItOtherwise) {
    EXPECT_EQ(20, idFor(true, PlacementSettings()));
    EXPECT_EQ(20, idFor(false, settingsWith(Unregistered::CLASSIFY)));
    EXPECT_EQ(20, idFor(false, settingsWith(Unregistered::DROP)));
    EXPECT_EQ(20, idFor(false, PlacementSettings())) << "there are no subnets to be restricted to";
}

TEST_F(PlacedTest, isNowhereWhenTheRestrictedSubnetIsGone) {
    const auto [placement, subnet] = placed(false, settingsWith(SubnetID(19)), selected_, subnets_);
    EXPECT_EQ(Placement::GONE, placement);
    EXPECT_FALSE(subnet);
    EXPECT_EQ(20, idFor(true, settingsWith(SubnetID(19)))) << "of registered clients";
}

// --- where unregistered clients are moved

class ForUnregisteredTest : public RestrictedSubnetTest {
protected:
    ForUnregisteredTest() { parameters_.restricted_subnet_id = 300; }

    std::set<SubnetID> found() const { return subnetsForUnregistered(subnets_, parameters_); }
    void say(SubnetID id, const std::string& user_chk) {
        (*subnets_.get<SubnetSubnetIdIndexTag>().find(id))
            ->setContext(isc::data::Element::fromJSON("{\"user-chk\": " + user_chk + "}"));
    }
    typedef std::set<SubnetID> Ids;

    PlacementSettings parameters_;
};

TEST_F(ForUnregisteredTest, isTheOneThatTheParametersName) {
    EXPECT_EQ(Ids{300}, found());
    parameters_.restricted_subnet_id = 20;
    EXPECT_EQ(Ids{20}, found());
}

TEST_F(ForUnregisteredTest, areThoseThatContextsName) {
    say(1, R"({"restricted-subnet-id": 20})");
    EXPECT_EQ((Ids{20, 300}), found());
    say(20, R"({"restricted-subnet-id": 20})");
    EXPECT_EQ(Ids{20}, found()) << "nobody is moved from 300 to itself";
}

TEST_F(ForUnregisteredTest, areNoneWhereUnregisteredClientsAreNotMoved) {
    parameters_.unregistered_clients = Unregistered::DROP;
    EXPECT_EQ(Ids{}, found());
    parameters_.unregistered_clients = Unregistered::CLASSIFY;
    EXPECT_EQ(Ids{}, found());
    say(1, R"({"unregistered-clients": "restrict"})");
    EXPECT_EQ(Ids{300}, found());
}

TEST_F(ForUnregisteredTest, comeFromThoseThatLeadThere) {
    const auto from = [this](SubnetID id) {
        const Origins origins = originsOfUnregistered(subnets_, parameters_);
        const auto found = origins.find(id);
        return found == origins.end() ? Ids() : Ids(found->second.begin(), found->second.end());
    };
    const Ids all = from(300);
    EXPECT_EQ(0, all.count(300));
    EXPECT_EQ(1, all.count(1));
    EXPECT_EQ(1, all.count(20));
    say(1, R"({"restricted-subnet-id": 20})");
    EXPECT_EQ(Ids{1}, from(20));
    EXPECT_EQ(0, from(300).count(1));
    say(1, R"({"unregistered-clients": "drop"})");
    EXPECT_EQ(Ids{}, from(20));
}

TEST_F(ForUnregisteredTest, isNotTheOnlySubnet) {
    Subnet4Collection only;
    only.insert(makeSubnet("10.0.9.0", 300));
    EXPECT_EQ(Ids{}, subnetsForUnregistered(only, parameters_));
}

} // namespace
} // namespace user_chk::placement_test
