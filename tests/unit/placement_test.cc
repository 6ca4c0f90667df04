// SPDX-License-Identifier: MPL-2.0
// Tests the placement of clients.

#include <policy/placement.h>
#include <support/temp_dir.h>

#include <asiolink/io_address.h>
#include <dhcpsrv/subnet.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk {
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

TEST_F(RestrictedSubnetTest, isTheOneOfTheHighestId) {
    ASSERT_TRUE(restrictedSubnet(PlacementSettings(), subnets_));
    EXPECT_EQ(300, restrictedSubnet(PlacementSettings(), subnets_)->getID());
}

TEST_F(RestrictedSubnetTest, isTheOneThatTheSettingsName) {
    for (const SubnetID id : {1, 20, 300}) {
        EXPECT_EQ(id, restrictedSubnet(settingsWith(id), subnets_)->getID());
    }
}

TEST_F(RestrictedSubnetTest, isAnErrorWhenTheOneThatIsNamedIsNotThere) {
    EXPECT_EQ("the restricted subnet with id 19 is not configured",
              test::messageOf<isc::InvalidOperation>(
                  [this] { restrictedSubnet(settingsWith(SubnetID(19)), subnets_); }));
    EXPECT_THROW(restrictedSubnet(settingsWith(SubnetID(1)), Subnet4Collection()), isc::InvalidOperation);
}

TEST_F(RestrictedSubnetTest, isNoneInAnEmptyCollection) {
    EXPECT_FALSE(restrictedSubnet(PlacementSettings(), Subnet4Collection()));
    EXPECT_FALSE(restrictedSubnet(PlacementSettings(), Subnet6Collection()));
}

// --- a query ----------------------------------------------------------------------------------------------

class PlacedTest : public RestrictedSubnetTest {
protected:
    // The id of the subnet that a query gets which the server put into subnet 20, 0 for none.
    SubnetID idFor(bool registered, const PlacementSettings& settings) {
        const auto [placement, subnet] = placed(registered, settings, selected_, subnets_);
        EXPECT_EQ(placementOf(registered, settings), placement);
        return subnet ? subnet->getID() : 0;
    }

    Subnet4Ptr selected_ = *subnets_.get<SubnetSubnetIdIndexTag>().find(SubnetID(20));
};

TEST_F(PlacedTest, isInTheRestrictedSubnetWhenItsClientIsToBe) {
    EXPECT_EQ(300, idFor(false, PlacementSettings()));
    EXPECT_EQ(1, idFor(false, settingsWith(SubnetID(1))));
    selected_.reset();
    EXPECT_EQ(300, idFor(false, PlacementSettings()));
}

TEST_F(PlacedTest, isWhereTheServerPutItOtherwise) {
    EXPECT_EQ(20, idFor(true, PlacementSettings()));
    EXPECT_EQ(20, idFor(false, settingsWith(Unregistered::CLASSIFY)));
    EXPECT_EQ(20, idFor(false, settingsWith(Unregistered::DROP)));
    subnets_.clear();
    EXPECT_EQ(20, idFor(false, PlacementSettings())) << "there is no subnet to be restricted to";
}

// --- where strangers are put ------------------------------------------------------------------------------

class ForStrangersTest : public RestrictedSubnetTest {
protected:
    // The subnets that strangers are put into from another one.
    std::vector<SubnetID> forStrangers() const {
        std::vector<SubnetID> found;
        for (const auto& subnet : subnets_) {
            if (isForStrangers(*subnet, subnets_, parameters_)) {
                found.push_back(subnet->getID());
            }
        }
        EXPECT_EQ(std::set<SubnetID>(found.begin(), found.end()), subnetsForStrangers(subnets_, parameters_));
        return found;
    }
    void say(SubnetID id, const std::string& user_chk) {
        (*subnets_.get<SubnetSubnetIdIndexTag>().find(id))
            ->setContext(isc::data::Element::fromJSON("{\"user-chk\": " + user_chk + "}"));
    }
    typedef std::vector<SubnetID> Ids;

    PlacementSettings parameters_;
};

TEST_F(ForStrangersTest, isTheLastSubnetByDefault) {
    EXPECT_EQ(Ids{300}, forStrangers());
}

TEST_F(ForStrangersTest, isTheOneThatTheParametersName) {
    parameters_.restricted_subnet_id = 20;
    EXPECT_EQ(Ids{20}, forStrangers());
}

TEST_F(ForStrangersTest, areThoseThatContextsName) {
    say(1, R"({"restricted-subnet-id": 20})");
    EXPECT_EQ((Ids{20, 300}), forStrangers());
    say(20, R"({"restricted-subnet-id": 20})");
    EXPECT_EQ(Ids{20}, forStrangers()) << "nobody is moved from 300 to itself";
}

TEST_F(ForStrangersTest, areNoneWhereStrangersAreNotMoved) {
    parameters_.unregistered_clients = Unregistered::DROP;
    EXPECT_EQ(Ids{}, forStrangers());
    parameters_.unregistered_clients = Unregistered::CLASSIFY;
    EXPECT_EQ(Ids{}, forStrangers());
    say(1, R"({"unregistered-clients": "restrict"})");
    EXPECT_EQ(Ids{300}, forStrangers());
}

TEST_F(ForStrangersTest, isNotTheOnlySubnet) {
    Subnet4Collection only;
    only.insert(makeSubnet("10.0.9.0", 20));
    EXPECT_FALSE(isForStrangers(**only.begin(), only, parameters_));
}

} // namespace
} // namespace user_chk
