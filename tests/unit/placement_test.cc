// SPDX-License-Identifier: MPL-2.0
// Tests the placement of unregistered clients.

#include <policy/placement.h>

#include <asiolink/io_address.h>
#include <dhcpsrv/subnet.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk {
namespace {

Subnet4Ptr makeSubnet(const std::string& prefix, SubnetID id) {
    return boost::make_shared<Subnet4>(IOAddress(prefix), 24, 1, 2, 3, id);
}

TEST(PlacementTest, restrictedSubnetIsTheOneOfTheHighestId) {
    Subnet4Collection subnets;
    subnets.insert(makeSubnet("10.0.9.0", 20));
    subnets.insert(makeSubnet("10.0.1.0", 300));
    subnets.insert(makeSubnet("10.0.5.0", 1));
    ASSERT_TRUE(restrictedSubnet(subnets));
    EXPECT_EQ(300, restrictedSubnet(subnets)->getID());
}

TEST(PlacementTest, thereIsNoneInAnEmptyCollection) {
    EXPECT_FALSE(restrictedSubnet(Subnet4Collection()));
    EXPECT_FALSE(restrictedSubnet(Subnet6Collection()));
}

} // namespace
} // namespace user_chk
