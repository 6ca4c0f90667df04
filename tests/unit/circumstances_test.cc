// SPDX-License-Identifier: MPL-2.0
// Tests what is read from the packets of an exchange, apart from the leases.

#include <exchange/circumstances.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option4_client_fqdn.h>
#include <dhcp/option6_client_fqdn.h>
#include <dhcp/option_string.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::circumstances_test {
namespace {

OptionPtr hostname(const std::string& name) {
    return boost::make_shared<OptionString>(Option::V4, DHO_HOST_NAME, name);
}

OptionPtr fqdn4(const std::string& name) {
    return boost::make_shared<Option4ClientFqdn>(0, Option4ClientFqdn::RCODE_CLIENT(), name);
}

OptionPtr fqdn6(const std::string& name) {
    return boost::make_shared<Option6ClientFqdn>(0, name);
}

Pkt6::RelayInfo relay(const std::string& link) {
    Pkt6::RelayInfo info;
    info.msg_type_ = DHCPV6_RELAY_FORW;
    info.linkaddr_ = IOAddress(link);
    info.peeraddr_ = IOAddress("fe80::1");
    return info;
}

TEST(Circumstances4Test, nameTheExchange) {
    Pkt4 query(DHCPREQUEST, 0xabc);
    query.setIface("eth7");
    const auto before = std::chrono::system_clock::now();
    const Circumstances ack = circumstancesOf(query, Pkt4(DHCPACK, 0xabc));
    EXPECT_LE(before, ack.time);
    EXPECT_GE(std::chrono::system_clock::now(), ack.time);
    EXPECT_STREQ("kea-dhcp4", ack.server);
    EXPECT_STREQ("ack", ack.message);
    EXPECT_EQ(0xabc, ack.transaction_id);
    EXPECT_EQ("eth7", ack.interface);
    EXPECT_STREQ("offer", circumstancesOf(query, Pkt4(DHCPOFFER, 0xabc)).message);
}

TEST(Circumstances4Test, tellTheRelayWhereThereIsOne) {
    Pkt4 query(DHCPREQUEST, 1);
    const Pkt4 response(DHCPACK, 1);
    EXPECT_EQ("", circumstancesOf(query, response).relay);
    query.setGiaddr(IOAddress("192.0.2.1"));
    EXPECT_EQ("192.0.2.1", circumstancesOf(query, response).relay);
}

TEST(Circumstances4Test, takeTheHostnameFromTheResponseBeforeTheQuery) {
    Pkt4 query(DHCPREQUEST, 1);
    Pkt4 response(DHCPACK, 1);
    EXPECT_EQ("", circumstancesOf(query, response).hostname);
    query.addOption(hostname("asked"));
    EXPECT_EQ("asked", circumstancesOf(query, response).hostname);
    query.addOption(fqdn4("asked.example."));
    EXPECT_EQ("asked.example.", circumstancesOf(query, response).hostname);
    response.addOption(hostname("given"));
    EXPECT_EQ("given", circumstancesOf(query, response).hostname);
    response.addOption(fqdn4("given.example."));
    EXPECT_EQ("given.example.", circumstancesOf(query, response).hostname);
}

TEST(Circumstances4Test, onlyAnAckOfARequestLeases) {
    EXPECT_FALSE(leases(Pkt4(DHCPDISCOVER, 1), Pkt4(DHCPOFFER, 1)));
    EXPECT_FALSE(leases(Pkt4(DHCPINFORM, 1), Pkt4(DHCPACK, 1)));
    EXPECT_TRUE(leases(Pkt4(DHCPREQUEST, 1), Pkt4(DHCPACK, 1)));
}

TEST(Circumstances6Test, nameTheExchange) {
    Pkt6 query(DHCPV6_REQUEST, 0xabc);
    query.setIface("eth7");
    const Circumstances reply = circumstancesOf(query, Pkt6(DHCPV6_REPLY, 0xabc));
    EXPECT_STREQ("kea-dhcp6", reply.server);
    EXPECT_STREQ("reply", reply.message);
    EXPECT_EQ(0xabc, reply.transaction_id);
    EXPECT_EQ("eth7", reply.interface);
    EXPECT_STREQ("advertise", circumstancesOf(query, Pkt6(DHCPV6_ADVERTISE, 0xabc)).message);
}

// The first relay in the list is the one closest to the server.
TEST(Circumstances6Test, tellTheRelayNearestToTheClientThatHasALink) {
    Pkt6 query(DHCPV6_REQUEST, 1);
    const Pkt6 response(DHCPV6_REPLY, 1);
    query.setRemoteAddr(IOAddress("2001:db8:9::9"));
    EXPECT_EQ("", circumstancesOf(query, response).relay);
    query.relay_info_ = {relay("::")};
    EXPECT_EQ("2001:db8:9::9", circumstancesOf(query, response).relay);
    query.relay_info_ = {relay("2001:db8:1::1"), relay("::")};
    EXPECT_EQ("2001:db8:1::1", circumstancesOf(query, response).relay);
    query.relay_info_ = {relay("2001:db8:1::1"), relay("2001:db8:2::1")};
    EXPECT_EQ("2001:db8:2::1", circumstancesOf(query, response).relay);
}

TEST(Circumstances6Test, takeTheHostnameFromTheResponseBeforeTheQuery) {
    Pkt6 query(DHCPV6_REQUEST, 1);
    Pkt6 response(DHCPV6_REPLY, 1);
    EXPECT_EQ("", circumstancesOf(query, response).hostname);
    query.addOption(fqdn6("asked.example."));
    EXPECT_EQ("asked.example.", circumstancesOf(query, response).hostname);
    response.addOption(fqdn6("given.example."));
    EXPECT_EQ("given.example.", circumstancesOf(query, response).hostname);
}

TEST(Circumstances6Test, onlyAReplyLeases) {
    EXPECT_FALSE(leases(Pkt6(DHCPV6_SOLICIT, 1), Pkt6(DHCPV6_ADVERTISE, 1)));
    EXPECT_TRUE(leases(Pkt6(DHCPV6_SOLICIT, 1), Pkt6(DHCPV6_REPLY, 1)));
}

} // namespace
} // namespace user_chk::circumstances_test
