// SPDX-License-Identifier: MPL-2.0
// Tests which grants are read from a response.

#include <exchange/granted_leases.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option6_ia.h>
#include <dhcp/option6_iaaddr.h>
#include <dhcp/option6_iaprefix.h>
#include <dhcp/option6_status_code.h>
#include <dhcp/option_int.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::granted_test {
namespace {

typedef std::vector<std::string> Texts;

// Each lease as ADDRESS or ADDRESS/LENGTH, with its lifetime.
Texts textsOf(const GrantedLeases& leases) {
    Texts texts;
    for (const GrantedLease& lease : leases) {
        const std::string length = lease.prefix_length == 0 ? "" : "/" + std::to_string(lease.prefix_length);
        texts.push_back(lease.address.toText() + length + " " + std::to_string(lease.valid_lifetime));
    }
    return texts;
}

TEST(Granted4Test, everyResponseButANakGrantsItsYiaddr) {
    for (const uint8_t type : {DHCPOFFER, DHCPACK}) {
        Pkt4 response(type, 1);
        EXPECT_EQ(Texts{"0.0.0.0 0"}, textsOf(grantedBy(response)));
        response.setYiaddr(IOAddress("175.16.1.100"));
        response.addOption(boost::make_shared<OptionUint32>(Option::V4, DHO_DHCP_LEASE_TIME, 3600));
        EXPECT_EQ(Texts{"175.16.1.100 3600"}, textsOf(grantedBy(response)));
    }
    EXPECT_EQ(Texts{}, textsOf(grantedBy(Pkt4(DHCPNAK, 1))));
}

OptionPtr address(const std::string& text, uint32_t valid = 200) {
    return boost::make_shared<Option6IAAddr>(D6O_IAADDR, IOAddress(text), 100, valid);
}

OptionPtr prefix(const std::string& text, uint8_t length, uint32_t valid = 200) {
    return boost::make_shared<Option6IAPrefix>(D6O_IAPREFIX, IOAddress(text), length, 100, valid);
}

OptionPtr status(uint16_t code) {
    return boost::make_shared<Option6StatusCode>(code, "text");
}

class Granted6Test : public testing::Test {
protected:
    void addIa(uint16_t type, const std::vector<OptionPtr>& options) {
        const auto ia = boost::make_shared<Option6IA>(type, ++iaid_);
        for (const OptionPtr& option : options) {
            ia->addOption(option);
        }
        response_.addOption(ia);
    }
    Pkt6 response_{DHCPV6_REPLY, 1};

private:
    uint32_t iaid_ = 0;
};

TEST_F(Granted6Test, responseWithoutAnIaGrantsNothing) {
    response_.addOption(status(STATUS_Success));
    EXPECT_EQ(Texts{}, textsOf(grantedBy(response_)));
}

TEST_F(Granted6Test, allAddressesAndPrefixesAreGranted) {
    addIa(D6O_IA_NA, {address("2001:db8::1"), address("2001:db8::2", 300), status(STATUS_Success)});
    addIa(D6O_IA_NA, {address("2001:db8::3")});
    addIa(D6O_IA_PD, {prefix("2001:db8:2::1:0:0", 96), prefix("2001:db8:3::", 48)});
    EXPECT_EQ((Texts{"2001:db8::1 200", "2001:db8::2 300", "2001:db8::3 200", "2001:db8:2::1:0:0/96 200",
                     "2001:db8:3::/48 200"}),
              textsOf(grantedBy(response_)));
}

TEST_F(Granted6Test, anIaThatFailedGrantsNothing) {
    for (const uint16_t code : {STATUS_NoAddrsAvail, STATUS_NoBinding, STATUS_NotOnLink, STATUS_UnspecFail}) {
        addIa(D6O_IA_NA, {status(code), address("2001:db8::1")});
    }
    addIa(D6O_IA_PD, {status(STATUS_NoPrefixAvail)});
    EXPECT_EQ(Texts{}, textsOf(grantedBy(response_)));
    addIa(D6O_IA_PD, {prefix("2001:db8:3::", 48)});
    EXPECT_EQ(Texts{"2001:db8:3::/48 200"}, textsOf(grantedBy(response_)));
}

TEST_F(Granted6Test, aLeaseThatIsTakenBackIsNotGranted) {
    addIa(D6O_IA_NA, {address("2001:db8::1", 0), address("2001:db8::2")});
    addIa(D6O_IA_PD, {prefix("2001:db8:3::", 48, 0)});
    EXPECT_EQ(Texts{"2001:db8::2 200"}, textsOf(grantedBy(response_)));
}

} // namespace
} // namespace user_chk::granted_test
