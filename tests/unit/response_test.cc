// SPDX-License-Identifier: MPL-2.0
// Tests how responses are completed and recorded.

#include <exchange/response.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option6_ia.h>
#include <dhcp/option6_iaaddr.h>
#include <dhcp/option6_status_code.h>
#include <dhcp/option_int.h>
#include <registry/user_attributes.h>

#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::response_test {
namespace {

template <typename Protocol>
Decision<Protocol> decisionOn(typename Protocol::Pkt& query, Verdict::Standing standing) {
    const std::vector<uint8_t> id = {0x0c, 0x0e, 0x0a, 0x01, 0xff, 0x04};
    Decision<Protocol> decision(query, UserId(Protocol::ID_TYPE, id), OutcomeFile::Glance());
    decision.verdict.standing = standing;
    return decision;
}

// An ACK that grants 10.0.1.7.
class Response4Test : public testing::Test {
protected:
    Response4Test() {
        query_.setHWAddr(boost::make_shared<HWAddr>(decision_.verdict.client.id->getId(), HTYPE_ETHER));
        response_.setYiaddr(IOAddress("10.0.1.7"));
        response_.addOption(boost::make_shared<OptionUint32>(Option::V4, DHO_DHCP_LEASE_TIME, 3600));
    }

    void restrictTo(const std::string& prefix) {
        decision_.subnet = boost::make_shared<Subnet4>(IOAddress(prefix), 24, 1, 2, 3, 9);
        decision_.restricted = true;
    }
    FinishedResponse finish() { return finishResponse(decision_, response_); }
    std::string recordsIn(Parameters::Format format, GrantedLeases& granted) {
        TextWriter records;
        writeRecords(format, decision_, response_, granted, records);
        return std::string(records.text());
    }

    Pkt4 query_{DHCPREQUEST, 1};
    Pkt4 response_{DHCPACK, 1};
    Decision<Dhcp4> decision_ = decisionOn<Dhcp4>(query_, Verdict::Standing::UNKNOWN);
};

TEST_F(Response4Test, grantsWhatTheServerChose) {
    const FinishedResponse finished = finish();
    EXPECT_TRUE(finished.sent);
    ASSERT_EQ(1u, finished.granted.size());
    EXPECT_EQ(IOAddress("10.0.1.7"), finished.granted.front().address);
    EXPECT_TRUE(finished.refused.empty());
}

TEST_F(Response4Test, isNotSentWithALeaseOutsideOfTheRestrictedSubnet) {
    restrictTo("10.0.9.0");
    const FinishedResponse finished = finish();
    EXPECT_FALSE(finished.sent);
    EXPECT_TRUE(finished.granted.empty());
    ASSERT_EQ(1u, finished.refused.size());
    EXPECT_EQ(IOAddress("10.0.1.7"), finished.refused.front().address);
}

TEST_F(Response4Test, isSentWithALeaseOfTheRestrictedSubnet) {
    restrictTo("10.0.1.0");
    const FinishedResponse finished = finish();
    EXPECT_TRUE(finished.sent);
    EXPECT_EQ(1u, finished.granted.size());
}

TEST_F(Response4Test, getsTheOptionsOfItsClient) {
    UserAttributes attributes;
    attributes.properties = {{"bootfile", "menu.ipxe"}};
    decision_.verdict.attributes = std::make_shared<UserAttributes>(attributes);
    finish();
    EXPECT_EQ(1u, response_.options_.count(DHO_BOOT_FILE_NAME));
}

TEST_F(Response4Test, ofADeniedClientIsLeftAloneAndNotRecorded) {
    decision_.verdict.standing = Verdict::Standing::DENIED;
    const FinishedResponse finished = finish();
    EXPECT_TRUE(finished.sent);
    EXPECT_TRUE(finished.granted.empty());
}

TEST_F(Response4Test, grantsNoMoreTimeThanTheRegistrationHas) {
    decision_.verdict.seconds_left = 60;
    query_.setType(DHCPDISCOVER);
    response_.setType(DHCPOFFER); // the server has stored nothing
    EXPECT_EQ(60u, finish().granted.front().valid_lifetime);
}

TEST_F(Response4Test, isRecordedByTheEventsThatAreConfigured) {
    Pkt4 offer(DHCPOFFER, 1);
    EXPECT_TRUE(isRecorded<Pkt4>(Parameters::Events::ALL, query_, offer));
    EXPECT_FALSE(isRecorded<Pkt4>(Parameters::Events::LEASES, query_, offer));
    EXPECT_TRUE(isRecorded<Pkt4>(Parameters::Events::LEASES, query_, response_));
    EXPECT_FALSE(isRecorded<Pkt4>(Parameters::Events::NONE, query_, response_));
}

TEST_F(Response4Test, isRecordedInTheFormThatIsConfigured) {
    FinishedResponse finished = finish();
    EXPECT_EQ(0u, recordsIn(Parameters::Format::TEXT, finished.granted).find("id_type=HW_ADDR\n"));
    decision_.subnet = boost::make_shared<Subnet4>(IOAddress("10.0.1.0"), 24, 1, 2, 3, 5);
    const std::string json = recordsIn(Parameters::Format::JSON, finished.granted);
    EXPECT_EQ('{', json.front());
    EXPECT_EQ(5u, finished.granted.front().subnet_id);
}

// A REPLY with one IA of two addresses.
class Response6Test : public testing::Test {
protected:
    Response6Test() {
        ia_->addOption(boost::make_shared<Option6IAAddr>(D6O_IAADDR, IOAddress("2001:db8:1::7"), 100, 200));
        ia_->addOption(boost::make_shared<Option6IAAddr>(D6O_IAADDR, IOAddress("2001:db8:9::7"), 100, 200));
        response_.addOption(ia_);
        decision_.restricted = true;
    }

    FinishedResponse finishIn(const std::string& prefix) {
        decision_.subnet = boost::make_shared<Subnet6>(IOAddress(prefix), 64, 1, 2, 3, 4, 9);
        return finishResponse(decision_, response_);
    }

    Pkt6 query_{DHCPV6_REQUEST, 1};
    Pkt6 response_{DHCPV6_REPLY, 1};
    Option6IAPtr ia_ = boost::make_shared<Option6IA>(D6O_IA_NA, 1);
    Decision<Dhcp6> decision_ = decisionOn<Dhcp6>(query_, Verdict::Standing::UNKNOWN);
};

TEST_F(Response6Test, isSentWithoutTheLeasesOutsideOfTheRestrictedSubnet) {
    const FinishedResponse finished = finishIn("2001:db8:9::");
    EXPECT_TRUE(finished.sent);
    ASSERT_EQ(1u, finished.granted.size());
    EXPECT_EQ(IOAddress("2001:db8:9::7"), finished.granted.front().address);
    EXPECT_EQ(IOAddress("2001:db8:1::7"), finished.refused.front().address);
}

TEST_F(Response6Test, tellsItsClientWhenNothingIsLeft) {
    const FinishedResponse finished = finishIn("2001:db8:8::");
    EXPECT_TRUE(finished.sent);
    EXPECT_TRUE(finished.granted.empty());
    EXPECT_EQ(2u, finished.refused.size());
    const auto status = boost::dynamic_pointer_cast<Option6StatusCode>(ia_->getOption(D6O_STATUS_CODE));
    ASSERT_TRUE(status);
    EXPECT_EQ(STATUS_NoAddrsAvail, status->getStatusCode());
}

} // namespace
} // namespace user_chk::response_test
