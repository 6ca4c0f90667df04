// SPDX-License-Identifier: MPL-2.0
// Tests which settings are in force for a subnet, and the check of all subnets and shared networks.

#include <config/places.h>
#include <support/temp_dir.h>

#include <dhcpsrv/cfg_shared_networks.h>
#include <dhcpsrv/cfg_subnets4.h>
#include <dhcpsrv/cfg_subnets6.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;
using isc::data::Element;

namespace user_chk::places_test {
namespace {

using Unregistered = PlacementSettings::Unregistered;

// The differences between the protocols.
struct Places4 {
    typedef Subnet4Ptr SubnetPtr;
    typedef SharedNetwork4 Network;
    typedef CfgSharedNetworks4 Networks;
    typedef CfgSubnets4 Subnets;
    static constexpr const char* SUBNET_1 = "10.0.1.0/24";
    static SubnetPtr subnet(SubnetID id) {
        return boost::make_shared<Subnet4>(IOAddress("10.0." + std::to_string(id) + ".0"), 24, 1, 2, 3, id);
    }
};

struct Places6 {
    typedef Subnet6Ptr SubnetPtr;
    typedef SharedNetwork6 Network;
    typedef CfgSharedNetworks6 Networks;
    typedef CfgSubnets6 Subnets;
    static constexpr const char* SUBNET_1 = "2001:db8:1::/64";
    static SubnetPtr subnet(SubnetID id) {
        return boost::make_shared<Subnet6>(IOAddress("2001:db8:" + std::to_string(id) + "::"), 64, 1, 2, 3, 4,
                                           id);
    }
};

// Subnet 1 is on its own; 2 is in the shared network "floor".
template <typename Tested>
class PlacesTest : public testing::Test {
protected:
    PlacesTest() {
        networks_.add(network_);
        subnets_.add(alone_);
        subnets_.add(shared_);
        network_->add(shared_);
        parameters_.restricted_subnet_id = 1;
    }

    template <typename Place>
    static void say(Place& place, const std::string& user_chk) {
        place.setContext(Element::fromJSON("{\"user-chk\": " + user_chk + "}"));
    }

    void check() { checkPlaces(*networks_.getAll(), *subnets_.getAll(), parameters_); }
    std::string errorOfCheck() {
        return test::messageOf<DhcpConfigError>([this] { check(); });
    }

    typename Tested::Networks networks_;
    typename Tested::Subnets subnets_;
    const boost::shared_ptr<typename Tested::Network> network_ =
        boost::make_shared<typename Tested::Network>("floor");
    const typename Tested::SubnetPtr alone_ = Tested::subnet(1);
    const typename Tested::SubnetPtr shared_ = Tested::subnet(2);
    PlacementSettings parameters_;
};

typedef testing::Types<Places4, Places6> BothProtocols;
TYPED_TEST_SUITE(PlacesTest, BothProtocols);

TYPED_TEST(PlacesTest, parametersHoldWherePlacesSayNothing) {
    this->parameters_.unregistered_clients = Unregistered::DROP;
    this->parameters_.nak_moved_clients = true;
    for (const auto& subnet : {this->alone_, this->shared_}) {
        const PlacementSettings settings = settingsOf(*subnet, this->parameters_);
        EXPECT_EQ(Unregistered::DROP, settings.unregistered_clients);
        EXPECT_EQ(1u, settings.restricted_subnet_id);
        EXPECT_TRUE(settings.nak_moved_clients);
    }
}

TYPED_TEST(PlacesTest, subnetDecidesThenItsNetworkThenTheParameters) {
    this->say(*this->network_, R"({"restricted-subnet-id": 20, "unregistered-clients": "drop"})");
    this->say(*this->shared_, R"({"restricted-subnet-id": 30})");
    this->parameters_.nak_moved_clients = true;
    const PlacementSettings settings = settingsOf(*this->shared_, this->parameters_);
    EXPECT_EQ(30u, settings.restricted_subnet_id);
    EXPECT_EQ(Unregistered::DROP, settings.unregistered_clients);
    EXPECT_TRUE(settings.nak_moved_clients);
    EXPECT_EQ(1u, settingsOf(*this->alone_, this->parameters_).restricted_subnet_id);
    EXPECT_EQ(Unregistered::RESTRICT, settingsOf(*this->alone_, this->parameters_).unregistered_clients);
}

TYPED_TEST(PlacesTest, tellsWhoHasTheSay) {
    this->say(*this->network_, R"({"restricted-subnet-id": 20, "unregistered-clients": "drop"})");
    this->say(*this->shared_, R"({"restricted-subnet-id": 30})");
    EXPECT_EQ("user-context of " + nameOf(*this->shared_),
              whoSays(*this->shared_, &PlacementOverrides::restricted_subnet_id));
    EXPECT_EQ("user-context of shared network 'floor'",
              whoSays(*this->shared_, &PlacementOverrides::unregistered_clients));
    EXPECT_EQ("", whoSays(*this->shared_, &PlacementOverrides::nak_moved_clients));
    EXPECT_EQ("", whoSays(*this->alone_, &PlacementOverrides::restricted_subnet_id));
}

TYPED_TEST(PlacesTest, whatWasParsedOnceIsWhatTheContextsSay) {
    this->say(*this->network_, R"({"restricted-subnet-id": 20, "unregistered-clients": "drop"})");
    this->say(*this->shared_, R"({"restricted-subnet-id": 30})");
    ParsedContexts contexts;
    contexts.parse(*this->subnets_.getAll());
    const PlacementOverrides overrides = contexts.overridesAt(*this->shared_);
    EXPECT_EQ(30u, overrides.restricted_subnet_id);
    EXPECT_EQ(Unregistered::DROP, overrides.unregistered_clients);
    EXPECT_EQ(std::nullopt, overrides.nak_moved_clients);
    EXPECT_EQ(std::nullopt, contexts.overridesAt(*this->alone_).restricted_subnet_id);
}

TYPED_TEST(PlacesTest, whatWasParsedOnceGivesWayToNewContexts) {
    const auto id = [this](const ParsedContexts& contexts, const typename TypeParam::SubnetPtr& subnet) {
        return contexts.overridesAt(*subnet).restricted_subnet_id;
    };
    this->say(*this->network_, R"({"restricted-subnet-id": 20})");
    ParsedContexts contexts;
    contexts.parse(*this->subnets_.getAll());

    this->say(*this->network_, R"({"restricted-subnet-id": 21})");
    EXPECT_EQ(21u, id(contexts, this->shared_)) << "of the network";
    this->say(*this->shared_, R"({"restricted-subnet-id": 31})");
    EXPECT_EQ(31u, id(contexts, this->shared_)) << "of the subnet";
    this->network_->del(2);
    this->shared_->setContext(isc::data::ConstElementPtr());
    EXPECT_EQ(std::nullopt, id(contexts, this->shared_)) << "outside of the network";

    const auto another = TypeParam::subnet(2);
    this->say(*another, R"({"restricted-subnet-id": 41})");
    EXPECT_EQ(41u, id(contexts, another)) << "of another subnet with the id";
    this->say(*another, R"({"restricted-subnet-id": 0})");
    EXPECT_THROW(id(contexts, another), DhcpConfigError);
}

TYPED_TEST(PlacesTest, aBadContextIsNamedByItsPlace) {
    const std::string subnet = std::string("subnet ") + TypeParam::SUBNET_1 + " (id 1)";
    this->say(*this->alone_, R"({"unregistered-clients": "dorp"})");
    const std::string error =
        "user-context of " + subnet +
        ": invalid unregistered-clients: 'dorp', must be one of restrict, drop, classify";
    EXPECT_EQ(error,
              test::messageOf<DhcpConfigError>([this] { settingsOf(*this->alone_, this->parameters_); }));
    EXPECT_EQ(error, this->errorOfCheck());

    this->say(*this->alone_, "{}");
    this->say(*this->network_, R"({"nak-moved-clients": 1})");
    const std::string of_network =
        "user-context of shared network 'floor': 'nak-moved-clients' parameter is not a boolean";
    EXPECT_EQ(of_network,
              test::messageOf<DhcpConfigError>([this] { settingsOf(*this->shared_, this->parameters_); }));
    EXPECT_EQ(of_network, this->errorOfCheck());
}

TYPED_TEST(PlacesTest, checkPassesWhatIsGood) {
    this->say(*this->alone_, R"({"restricted-subnet-id": 2, "unregistered-clients": "restrict"})");
    this->say(*this->shared_, R"({"unregistered-clients": "classify", "nak-moved-clients": false})");
    this->say(*this->network_, R"({"restricted-subnet-id": 2})");
    EXPECT_NO_THROW(this->check());
    this->parameters_ = PlacementSettings();
    EXPECT_NO_THROW(this->check());
}

TYPED_TEST(PlacesTest, checkRefusesARestrictedSubnetThatIsNotThere) {
    this->parameters_.restricted_subnet_id = 9;
    EXPECT_EQ("parameters: invalid restricted-subnet-id: 9, must be the id of a subnet",
              this->errorOfCheck());

    this->parameters_.restricted_subnet_id = 1;
    this->say(*this->network_, R"({"restricted-subnet-id": 3})");
    EXPECT_EQ(
        "user-context of shared network 'floor': invalid restricted-subnet-id: 3, must be the id of a subnet",
        this->errorOfCheck());

    this->say(*this->network_, "{}");
    this->say(*this->alone_, R"({"restricted-subnet-id": 4})");
    EXPECT_EQ(std::string("user-context of subnet ") + TypeParam::SUBNET_1 +
                  " (id 1): invalid restricted-subnet-id: 4, must be the id of a subnet",
              this->errorOfCheck());
}

TYPED_TEST(PlacesTest, checkLooksAtANetworkWithoutSubnets) {
    const auto empty = boost::make_shared<typename TypeParam::Network>("empty");
    this->networks_.add(empty);
    this->say(*empty, R"({"unregistered-client": "drop"})");
    EXPECT_EQ("user-context of shared network 'empty': spurious 'unregistered-client' parameter",
              this->errorOfCheck());
}

} // namespace
} // namespace user_chk::places_test
