// SPDX-License-Identifier: MPL-2.0
// Tests which link queries come from.

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <exchange/link.h>
#include <exchange/received_query.h>

#include <kea_compat.h>
#include <policy/guards.h>
#include <policy/placement.h>
#include <support/as_received.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/libdhcp++.h>
#include <dhcp/option_custom.h>
#include <dhcp/pkt4o6.h>
#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/shared_network.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::link_test {
namespace {

using test::asReceived;

Scope scopeOfSubnet(SubnetID id) {
    Scope scope;
    scope.subnets = {id};
    return scope;
}

// A server's configuration.
class LinkTest : public testing::Test {
protected:
    LinkTest() { CfgMgr::instance().clear(); }
    ~LinkTest() override { CfgMgr::instance().clear(); }

    static SrvConfigPtr config() { return CfgMgr::instance().getStagingCfg(); }

    // Puts the configuration in force.
    void commit() {
        CfgMgr::instance().commit();
        const auto now = CfgMgr::instance().getCurrentCfg();
        findings_.all_guards = allGuards(*now->getCfgSubnets4()->getAll());
        if (now->getCfgSubnets4()->getAll()->empty()) {
            findings_.all_guards = allGuards(*now->getCfgSubnets6()->getAll());
        }
    }

    // Returns those of the subnets 1 to 9 that a query comes from.
    template <typename PktPtr>
    std::set<SubnetID> link(const PktPtr& query) const {
        std::set<SubnetID> found;
        for (SubnetID id = 1; id <= 9; ++id) {
            if (comesFromWithin(query, scopeOfSubnet(id), findings_)) {
                found.insert(id);
            }
        }
        return found;
    }

    Site::Findings findings_;
};

typedef std::set<SubnetID> SubnetIds;

// 10.0.1.0/24 and so on; each id is the third byte.
class Link4Test : public LinkTest {
protected:
    static Subnet4Ptr add(SubnetID id, const ClientClass& guard = "") {
        auto subnet =
            boost::make_shared<Subnet4>(IOAddress("10.0." + std::to_string(id) + ".0"), 24, 1, 2, 3, id);
        if (!guard.empty()) {
            kea::setGuard(*subnet, guard);
        }
        config()->getCfgSubnets4()->add(subnet);
        return subnet;
    }

    static SharedNetwork4Ptr share(const std::vector<Subnet4Ptr>& subnets) {
        const auto network = boost::make_shared<SharedNetwork4>("campus");
        for (const auto& subnet : subnets) {
            network->add(subnet);
        }
        config()->getCfgSharedNetworks4()->add(network);
        return network;
    }

    static Pkt4Ptr relayed(const std::string& giaddr) {
        auto query = boost::make_shared<Pkt4>(DHCPDISCOVER, 1);
        query->setGiaddr(IOAddress(giaddr));
        query->setIface("lo");
        return query;
    }

    // As sent by a client that renews; the server's own address is in none of the subnets.
    static Pkt4Ptr renewing(const std::string& ciaddr, const std::string& to = "192.0.2.1") {
        auto query = boost::make_shared<Pkt4>(DHCPREQUEST, 1);
        query->setCiaddr(IOAddress(ciaddr));
        query->setRemoteAddr(IOAddress(ciaddr));
        query->setLocalAddr(IOAddress(to));
        query->setIface("lo");
        return query;
    }

    // On the server's own link.
    static Pkt4Ptr local() {
        auto query = boost::make_shared<Pkt4>(DHCPDISCOVER, 1);
        query->setLocalAddr(IOAddress("255.255.255.255"));
        query->setIface("lo");
        return query;
    }

    static void addLinkSelection(Pkt4& query, const std::string& address) {
        const auto definition = LibDHCP::getOptionDef(DHCP4_OPTION_SPACE, DHO_DHCP_AGENT_OPTIONS);
        const auto agent = boost::make_shared<OptionCustom>(*definition, Option::V4);
        agent->addOption(
            boost::make_shared<Option>(Option::V4, RAI_OPTION_LINK_SELECTION, IOAddress(address).toBytes()));
        query.addOption(agent);
    }

    static void addSubnetSelection(Pkt4& query, const std::string& address) {
        const auto definition = LibDHCP::getOptionDef(DHCP4_OPTION_SPACE, DHO_SUBNET_SELECTION);
        const auto selection = boost::make_shared<OptionCustom>(*definition, Option::V4);
        selection->writeAddress(IOAddress(address));
        query.addOption(selection);
    }
};

TEST_F(Link4Test, isTheRangeThatTheRelayIsIn) {
    add(1);
    add(2);
    commit();
    EXPECT_EQ(SubnetIds{2}, link(relayed("10.0.2.1")));
    EXPECT_EQ(SubnetIds{}, link(relayed("10.0.3.1")));
}

TEST_F(Link4Test, isWhereTheRelayIsNamed) {
    add(1)->addRelayAddress(IOAddress("10.0.2.1"));
    add(2);
    const auto network = share({add(3), add(4)});
    network->addRelayAddress(IOAddress("192.0.2.7"));
    commit();
    EXPECT_EQ(SubnetIds{1}, link(relayed("10.0.2.1"))) << "before the range";
    EXPECT_EQ((SubnetIds{3, 4}), link(relayed("192.0.2.7")));
}

TEST_F(Link4Test, isTheWholeSharedNetwork) {
    share({add(1), add(3)});
    add(2);
    commit();
    EXPECT_EQ((SubnetIds{1, 3}), link(relayed("10.0.3.1")));
    EXPECT_EQ(SubnetIds{2}, link(relayed("10.0.2.1")));
    Scope scope;
    scope.shared_networks = {"campus"};
    EXPECT_TRUE(comesFromWithin(relayed("10.0.3.1"), scope, findings_));
    EXPECT_FALSE(comesFromWithin(relayed("10.0.2.1"), scope, findings_));
}

TEST_F(Link4Test, isWhatTheRelaySelects) {
    add(1);
    add(2);
    commit();
    const Pkt4Ptr query = relayed("10.0.1.1");
    addLinkSelection(*query, "10.0.2.0");
    EXPECT_EQ(SubnetIds{2}, link(query)) << "RFC 3527";
    const Pkt4Ptr other = relayed("10.0.1.1");
    addSubnetSelection(*other, "10.0.2.0");
    EXPECT_EQ(SubnetIds{2}, link(other)) << "RFC 3011";
}

TEST_F(Link4Test, isTheInterfaceOfALocalClientElseTheRangeOfItsAddress) {
    add(1);
    const auto second = add(2);
    config()->getCfgSubnets4()->add(boost::make_shared<Subnet4>(IOAddress("127.0.0.0"), 8, 1, 2, 3, 7));
    commit();
    EXPECT_EQ(SubnetIds{7}, link(local()));
    second->setIface("lo");
    EXPECT_EQ(SubnetIds{2}, link(local()));
}

TEST_F(Link4Test, isThatOfTheAddressThatADirectClientRenews) {
    add(1);
    add(2);
    commit();
    EXPECT_EQ(SubnetIds{1}, link(renewing("10.0.1.7")));
    const Pkt4Ptr through_a_relay = renewing("10.0.1.7");
    through_a_relay->setGiaddr(IOAddress("10.0.2.1"));
    EXPECT_EQ(SubnetIds{2}, link(through_a_relay));
    EXPECT_EQ(SubnetIds{}, link(renewing("10.0.1.7", "255.255.255.255")))
        << "which rebinds on the server's own link";
}

// Guards look at classes that are evaluated only when required here.
TEST_F(Link4Test, doesNotDependOnGuards) {
    add(1, "A")->addRelayAddress(IOAddress("192.0.2.1"));
    add(2, "B")->addRelayAddress(IOAddress("192.0.2.1"));
    add(3, "A")->addRelayAddress(IOAddress("192.0.2.1"));
    add(4)->addRelayAddress(IOAddress("192.0.2.1"));
    add(5)->addRelayAddress(IOAddress("192.0.2.1"));
    const auto network = share({add(6, "B"), add(7, "A"), add(8)});
    network->addRelayAddress(IOAddress("192.0.2.2"));
    commit();
    EXPECT_EQ((SubnetIds{1, 2, 4}), link(relayed("192.0.2.1"))) << "those that Kea could select";
    EXPECT_EQ((SubnetIds{6, 7, 8}), link(relayed("192.0.2.2")));
}

TEST_F(Link4Test, doesNotDependOnTheGuardOfASharedNetwork) {
    const auto network = share({add(1), add(2)});
    kea::setGuard(*network, "A");
    network->addRelayAddress(IOAddress("192.0.2.1"));
    add(3)->addRelayAddress(IOAddress("192.0.2.1"));
    commit();
    EXPECT_EQ((SubnetIds{1, 2, 3}), link(relayed("192.0.2.1")));
}

// The restricted subnet 9 is for clients on the link of subnet 1, and for those on the link of subnet 2.
TEST_F(Link4Test, clientThatRenewsARestrictedAddressIsWhereAllOfThoseComeFrom) {
    add(1);
    add(2);
    add(9);
    commit();
    findings_.unregistered_from = {{9, {1}}};
    EXPECT_EQ((SubnetIds{1, 9}), link(renewing("10.0.9.7")));
    EXPECT_EQ(SubnetIds{9}, link(relayed("10.0.9.1"))) << "which tells its link";
    findings_.unregistered_from = {{9, {1, 2}}};
    EXPECT_EQ(SubnetIds{9}, link(renewing("10.0.9.7"))) << "nobody knows";
    Scope both;
    both.subnets = {2, 1};
    EXPECT_TRUE(comesFromWithin(renewing("10.0.9.7"), both, findings_));
    findings_.unregistered_from = {{9, {1, 8}}};
    EXPECT_EQ(SubnetIds{9}, link(renewing("10.0.9.7"))) << "a subnet that is gone";
}

TEST_F(Link4Test, isTheSameOfAQueryThatIsStillAsItWasReceived) {
    add(1);
    add(2)->setIface("lo");
    commit();
    const Pkt4Ptr selecting = relayed("10.0.9.1");
    addLinkSelection(*selecting, "10.0.1.0");
    for (const auto& [expected, query] : std::vector<std::pair<SubnetIds, Pkt4Ptr>>{
             {{1}, relayed("10.0.1.1")}, {{1}, selecting}, {{1}, renewing("10.0.1.7")}, {{2}, local()}}) {
        EXPECT_EQ(expected, link(query));
        EXPECT_EQ(expected, link(unpackedCopy(asReceived(query))));
    }
}

TEST_F(Link4Test, isKnownOfAQueryWithoutEnd) {
    add(1);
    commit();
    const Pkt4Ptr received = asReceived(relayed("10.0.1.1"));
    for (const size_t length :
         {received->data_.size() - 2, Pkt4::DHCPV4_PKT_HDR_LEN + 1, Pkt4::DHCPV4_PKT_HDR_LEN}) {
        received->data_.resize(length);
        EXPECT_NO_THROW(EXPECT_EQ(SubnetIds{1}, link(unpackedCopy(received)))) << length;
    }
}

// A query that was broadcast on the server's own link, of a client with these classes.
Pkt4Ptr receivedBroadcast(const ClientClasses& classes = {}) {
    auto query = boost::make_shared<Pkt4>(DHCPDISCOVER, 1);
    query->setLocalAddr(IOAddress::IPV4_BCAST_ADDRESS());
    query->setIface("lo");
    query = asReceived(query);
    query->classes_ = classes;
    return query;
}

TEST_F(Link4Test, mayHaveNoSubnetWhereAllAreClosedToTheClient) {
    for (const SubnetID id : {1, 2}) {
        add(id, "A")->setIface("lo");
    }
    commit();
    EXPECT_TRUE(mayHaveNoSubnet(receivedBroadcast()));
    EXPECT_TRUE(mayHaveNoSubnet(receivedBroadcast(ClientClasses("B"))));
    EXPECT_FALSE(mayHaveNoSubnet(receivedBroadcast(ClientClasses("A"))));
}

TEST_F(Link4Test, hasASubnetWhereOneIsOpen) {
    add(1, "A")->setIface("lo");
    add(2)->setIface("lo");
    commit();
    EXPECT_FALSE(mayHaveNoSubnet(receivedBroadcast()));
}

TEST_F(Link4Test, isNotSelectedForRelayedUnicastOrCarriedQueriesBeforeTheyAreParsed) {
    add(1, "A")->setIface("lo");
    commit();
    const Pkt4Ptr relayed_query = relayed("10.0.1.1");
    relayed_query->setLocalAddr(IOAddress::IPV4_BCAST_ADDRESS());
    EXPECT_FALSE(mayHaveNoSubnet(asReceived(relayed_query)));
    EXPECT_FALSE(mayHaveNoSubnet(asReceived(renewing("10.0.1.7"))));
    const auto carrier = boost::make_shared<Pkt6>(DHCPV6_DHCPV4_QUERY, 1);
    const auto carried = boost::make_shared<Pkt4o6>(receivedBroadcast()->data_, carrier);
    carried->setLocalAddr(IOAddress::IPV4_BCAST_ADDRESS());
    EXPECT_FALSE(mayHaveNoSubnet(carried));
}

TEST_F(Link4Test, isThatOfTheMessageThatCarriesIt) {
    add(1);
    const auto second = add(2);
    second->get4o6().setIface4o6("lo");
    second->get4o6().enabled(true);
    commit();
    const auto carrier = boost::make_shared<Pkt6>(DHCPV6_DHCPV4_QUERY, 1);
    carrier->setIface("lo");
    carrier->setRemoteAddr(IOAddress("2001:db8::7"));
    const Pkt4Ptr plain = asReceived(relayed("10.0.1.1"));
    const Pkt4Ptr query = boost::make_shared<Pkt4o6>(plain->data_, carrier);
    query->setIface("lo");
    EXPECT_EQ(SubnetIds{2}, link(unpackedCopy(query)));
    query->unpack();
    EXPECT_EQ(SubnetIds{2}, link(query));
}

// 2001:db8:1::/64 and so on; each id is the third group.
class Link6Test : public LinkTest {
protected:
    static Subnet6Ptr add(SubnetID id, const ClientClass& guard = "") {
        auto subnet = boost::make_shared<Subnet6>(IOAddress("2001:db8:" + std::to_string(id) + "::"), 64, 1,
                                                  2, 3, 4, id);
        if (!guard.empty()) {
            kea::setGuard(*subnet, guard);
        }
        config()->getCfgSubnets6()->add(subnet);
        return subnet;
    }

    static Pkt6Ptr from(const std::string& address) {
        auto query = boost::make_shared<Pkt6>(DHCPV6_SOLICIT, 1);
        query->setRemoteAddr(IOAddress(address));
        query->setIface("lo");
        return query;
    }

    // Through relays; the last one is closest to the client.
    static Pkt6Ptr relayed(const std::vector<std::string>& links, const std::string& interface_id = "") {
        auto query = from("fe80::1");
        for (const std::string& link : links) {
            Pkt6::RelayInfo relay;
            relay.linkaddr_ = IOAddress(link);
            relay.peeraddr_ = IOAddress("fe80::2");
            query->addRelayInfo(relay);
        }
        if (!interface_id.empty()) {
            query->relay_info_.back().options_.insert({D6O_INTERFACE_ID, interfaceId(interface_id)});
        }
        return query;
    }

    static OptionPtr interfaceId(const std::string& text) {
        return boost::make_shared<Option>(Option::V6, D6O_INTERFACE_ID,
                                          OptionBuffer(text.begin(), text.end()));
    }
};

TEST_F(Link6Test, isTheLinkAddressOfTheNearestRelayThatTellsOne) {
    add(1);
    add(2);
    commit();
    EXPECT_EQ(SubnetIds{2}, link(relayed({"2001:db8:2::1"})));
    EXPECT_EQ(SubnetIds{2}, link(relayed({"2001:db8:1::1", "2001:db8:2::1"})));
    EXPECT_EQ(SubnetIds{1}, link(relayed({"2001:db8:1::1", "::"})));
}

TEST_F(Link6Test, isWhereTheRelayOrItsInterfaceIsNamed) {
    add(1)->addRelayAddress(IOAddress("2001:db8:2::1"));
    add(2);
    add(3)->setInterfaceId(interfaceId("port7"));
    commit();
    EXPECT_EQ(SubnetIds{1}, link(relayed({"2001:db8:2::1"})));
    EXPECT_EQ(SubnetIds{3}, link(relayed({"2001:db8:2::1"}, "port7")));
    EXPECT_EQ(SubnetIds{1}, link(relayed({"2001:db8:2::1"}, "port8")));
}

TEST_F(Link6Test, isTheInterfaceOfALocalClientElseTheRangeOfItsAddress) {
    const auto first = add(1);
    add(2);
    commit();
    EXPECT_EQ(SubnetIds{2}, link(from("2001:db8:2::7")));
    EXPECT_EQ(SubnetIds{}, link(from("fe80::7")));
    first->setIface("lo");
    EXPECT_EQ(SubnetIds{1}, link(from("fe80::7")));
}

TEST_F(Link6Test, doesNotDependOnGuards) {
    for (const auto& [id, guard] :
         std::vector<std::pair<SubnetID, ClientClass>>{{1, "A"}, {2, "B"}, {3, "A"}}) {
        add(id, guard)->addRelayAddress(IOAddress("2001:db8::1"));
    }
    const auto network = boost::make_shared<SharedNetwork6>("campus");
    network->add(add(4, "A"));
    network->add(add(5, "B"));
    network->addRelayAddress(IOAddress("2001:db8::2"));
    config()->getCfgSharedNetworks6()->add(network);
    commit();
    EXPECT_EQ((SubnetIds{1, 2}), link(relayed({"2001:db8::1"})));
    EXPECT_EQ((SubnetIds{4, 5}), link(relayed({"2001:db8::2"})));
}

} // namespace
} // namespace user_chk::link_test
