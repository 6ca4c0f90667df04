// SPDX-License-Identifier: MPL-2.0
// Tests which leases are outside of a subnet.

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <exchange/granted_leases.h>

#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/host.h>
#include <dhcpsrv/pool.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::outside_test {
namespace {

TEST(OutsideTest, isAnAddressThatIsNotInTheRangeOfADhcpv4Subnet) {
    const Subnet4 subnet(IOAddress("10.0.1.0"), 24, 1, 2, 3, 9);
    EXPECT_FALSE(isOutside(IOAddress("10.0.1.7"), 0, subnet));
    EXPECT_TRUE(isOutside(IOAddress("10.0.2.7"), 0, subnet));
    EXPECT_FALSE(isOutside(IOAddress("0.0.0.0"), 0, subnet)) << "of the answer to an INFORM";
}

class Outside6Test : public testing::Test {
protected:
    Outside6Test() {
        subnet_.addPool(boost::make_shared<Pool6>(Lease::TYPE_PD, IOAddress("2001:db8:1000::"), 40, 56));
    }
    ~Outside6Test() override { CfgMgr::instance().clear(); }

    bool outside(const std::string& address, uint8_t prefix_length) const {
        return isOutside(IOAddress(address), prefix_length, subnet_);
    }

    Subnet6 subnet_{IOAddress("2001:db8:1::"), 64, 1, 2, 3, 4, 9};
};

TEST_F(Outside6Test, isAnAddressThatIsNotInItsRange) {
    EXPECT_FALSE(outside("2001:db8:1::7", 0));
    EXPECT_TRUE(outside("2001:db8:2::7", 0));
    EXPECT_TRUE(outside("2001:db8:1000::", 0)) << "the pools of prefixes have no addresses";
}

TEST_F(Outside6Test, isAPrefixThatIsInNoneOfItsPools) {
    EXPECT_FALSE(outside("2001:db8:1000:100::", 56));
    EXPECT_TRUE(outside("2001:db8:2000::", 56));
    EXPECT_TRUE(outside("2001:db8:1::", 64)) << "the range has no prefixes";
}

TEST_F(Outside6Test, isNotAPrefixThatItReserves) {
    for (const auto& [subnet, prefix] :
         {std::make_pair(9, "2001:db8:aaaa::"), std::make_pair(8, "2001:db8:bbbb::")}) {
        const auto host = boost::make_shared<Host>("01:02:03:04", "duid", SUBNET_ID_UNUSED, subnet,
                                                   IOAddress::IPV4_ZERO_ADDRESS());
        host->addReservation(IPv6Resrv(IPv6Resrv::TYPE_PD, IOAddress(prefix), 56));
        CfgMgr::instance().getCurrentCfg()->getCfgHosts()->add(host);
    }
    EXPECT_FALSE(outside("2001:db8:aaaa::", 56));
    EXPECT_TRUE(outside("2001:db8:bbbb::", 56)) << "reserved in another subnet";
}

} // namespace
} // namespace user_chk::outside_test
