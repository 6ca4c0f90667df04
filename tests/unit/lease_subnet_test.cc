// SPDX-License-Identifier: MPL-2.0
// Tests the search for the subnet of a granted lease.

#include <exchange/granted_leases.h>

#include <dhcpsrv/shared_network.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::lease_subnet_test {
namespace {

Subnet4Ptr subnet4(const std::string& prefix, SubnetID id) {
    return boost::make_shared<Subnet4>(IOAddress(prefix), 24, 1, 2, 3, id);
}

// Adds a pool of /56 prefixes that starts with this one.
Subnet6Ptr subnet6(const std::string& prefix, const std::string& delegated, SubnetID id) {
    const auto subnet = boost::make_shared<Subnet6>(IOAddress(prefix), 64, 1, 2, 3, 4, id);
    subnet->addPool(boost::make_shared<Pool6>(isc::dhcp::Lease::TYPE_PD, IOAddress(delegated), 48, 56));
    return subnet;
}

GrantedLease lease(const std::string& address, uint8_t prefix_length = 0) {
    return {IOAddress(address), prefix_length};
}

// Subnet 1 is on its own; 2 and 3 share a network.
class LeaseSubnetTest : public testing::Test {
protected:
    LeaseSubnetTest() {
        for (const size_t i : {1, 2}) {
            network4_->add(v4_[i]);
            network6_->add(v6_[i]);
        }
    }

    const SharedNetwork4Ptr network4_ = boost::make_shared<SharedNetwork4>("shared");
    const SharedNetwork6Ptr network6_ = boost::make_shared<SharedNetwork6>("shared");
    const std::vector<Subnet4Ptr> v4_ = {subnet4("192.0.1.0", 1), subnet4("192.0.2.0", 2),
                                         subnet4("192.0.3.0", 3)};
    const std::vector<Subnet6Ptr> v6_ = {subnet6("2001:db8:1::", "2001:db8:a1::", 1),
                                         subnet6("2001:db8:2::", "2001:db8:a2::", 2),
                                         subnet6("2001:db8:3::", "2001:db8:a3::", 3)};
};

TEST_F(LeaseSubnetTest, isTheSelectedOneWhenThatHoldsIt) {
    EXPECT_EQ(1, subnetOf(lease("192.0.1.7"), v4_[0]));
    EXPECT_EQ(2, subnetOf(lease("192.0.2.7"), v4_[1]));
    EXPECT_EQ(2, subnetOf(lease("2001:db8:2::7"), v6_[1]));
    EXPECT_EQ(2, subnetOf(lease("2001:db8:a2:100::", 56), v6_[1]));
}

TEST_F(LeaseSubnetTest, isTheSiblingThatTheEngineHasMovedTheClientTo) {
    EXPECT_EQ(3, subnetOf(lease("192.0.3.7"), v4_[1]));
    EXPECT_EQ(3, subnetOf(lease("2001:db8:3::7"), v6_[1]));
    EXPECT_EQ(3, subnetOf(lease("2001:db8:a3:100::", 56), v6_[1]));
}

TEST_F(LeaseSubnetTest, isTheSelectedOneForWhatNoneHolds) {
    EXPECT_EQ(2, subnetOf(lease("2001:db8:ffff::", 56), v6_[1]));
    EXPECT_EQ(2, subnetOf(lease("0.0.0.0"), v4_[1]));
    EXPECT_EQ(1, subnetOf(lease("192.0.3.7"), v4_[0]));
    EXPECT_EQ(0, subnetOf(lease("198.51.100.1"), kea::Subnet4ArgPtr()));
}

} // namespace
} // namespace user_chk::lease_subnet_test
