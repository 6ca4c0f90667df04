// SPDX-License-Identifier: MPL-2.0
// Tests through a real CalloutHandle that no response grants an unregistered client a lease outside of its
// restricted subnet, whatever made the server choose the lease.

#include <load/callouts_fixture.h>

#include <dhcp/option6_status_code.h>

namespace user_chk {
namespace {

using isc::asiolink::IOAddress;
using isc::dhcp::SubnetID;
using isc::hooks::CalloutHandle;
using test::BothProtocols;
using test::CalloutsTest;
using test::readFile;
using test::Tested4;
using test::Tested6;

// Kea selects subnet 1 for clients, so unregistered clients are moved to 30.
template <typename Tested>
class LeasesTest : public CalloutsTest<Tested> {
protected:
    typedef typename Tested::PktPtr PktPtr;
    typedef isc::hooks::CalloutHandlePtr HandlePtr;

    HandlePtr selected(const PktPtr& query) {
        const auto handle = this->receive(query);
        this->select(handle);
        return handle;
    }

    // Returns the response to an unregistered client after the callouts; the server wanted to send it with
    // this lease.
    PktPtr sent(const PktPtr& response, CalloutHandle::CalloutNextStep expected) {
        const auto handle = selected(Tested::queryOfStranger());
        this->send(handle, response);
        EXPECT_EQ(expected, handle->getStatus());
        return response;
    }

    void expectRefusal(const std::string& lease) {
        EXPECT_EQ(1, this->log_.count("USER_CHK_LEASE_REFUSED", ' ' + lease)) << this->log_.text();
        for (const char* part : {Tested::STRANGER, Tested::SUBNET_30}) {
            EXPECT_LE(1, this->log_.count("USER_CHK_LEASE_REFUSED", part)) << this->log_.text();
        }
    }
};

TYPED_TEST_SUITE(LeasesTest, BothProtocols);

TYPED_TEST(LeasesTest, aLeaseOfTheRestrictedSubnetIsGranted) {
    this->sent(TypeParam::grantIn(30), CalloutHandle::NEXT_STEP_CONTINUE);
    EXPECT_NE("", readFile(this->outcome_));
    EXPECT_EQ(0, this->log_.count("USER_CHK_LEASE_REFUSED")) << this->log_.text();
}

TYPED_TEST(LeasesTest, aRegisteredClientGetsAny) {
    for (const SubnetID id : {1, 2, 30}) {
        const auto handle = this->selected(TypeParam::queryOfKnown());
        this->send(handle, TypeParam::grantIn(id));
        EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus());
    }
    EXPECT_EQ(0, this->log_.count("USER_CHK_LEASE_REFUSED")) << this->log_.text();
}

TYPED_TEST(LeasesTest, anUnregisteredClientThatIsOnlyClassifiedGetsAny) {
    this->reloadWith(R"("unregistered-clients": "classify")");
    this->sent(TypeParam::grantIn(2), CalloutHandle::NEXT_STEP_CONTINUE);
    EXPECT_EQ(0, this->log_.count("USER_CHK_LEASE_REFUSED")) << this->log_.text();
}

TYPED_TEST(LeasesTest, theOperatorIsToldOnceAMinuteAndOfTheOthersForDebuggingOnly) {
    const auto status = TypeParam::ID_TYPE == UserId::HW_ADDRESS ? CalloutHandle::NEXT_STEP_DROP
                                                                 : CalloutHandle::NEXT_STEP_CONTINUE;
    this->sent(TypeParam::grantIn(2), status);
    this->sent(TypeParam::grantIn(1), status);
    EXPECT_EQ(1, this->log_.count("WARN")) << this->log_.text();
    this->expectRefusal(TypeParam::addressIn(2).toText());
    this->expectRefusal(TypeParam::addressIn(1).toText());
}

// --- DHCPv4

class Leases4Test : public LeasesTest<Tested4> {};

TEST_F(Leases4Test, aResponseWithALeaseOfElsewhereIsNotSent) {
    enrollDefaultUser(R"("bootfile": "/default")");
    sent(Tested4::grantIn(2), CalloutHandle::NEXT_STEP_DROP);
    EXPECT_EQ("", readFile(outcome_));
    expectRefusal("192.0.2.7");
}

TEST_F(Leases4Test, aRefusalAndTheAnswerToAnInformPass) {
    sent(Tested4::refusal(), CalloutHandle::NEXT_STEP_CONTINUE);
    sent(boost::make_shared<isc::dhcp::Pkt4>(isc::dhcp::DHCPACK, 1234), CalloutHandle::NEXT_STEP_CONTINUE);
    EXPECT_EQ(0, log_.count("USER_CHK_LEASE_REFUSED")) << log_.text();
}

// --- DHCPv6

class Leases6Test : public LeasesTest<Tested6> {
protected:
    typedef isc::dhcp::Pkt6Ptr Pkt6Ptr;

    static Pkt6Ptr reply() { return boost::make_shared<isc::dhcp::Pkt6>(DHCPV6_REPLY, 1234); }

    static void addAddress(const Pkt6Ptr& response, uint32_t iaid, const std::string& address,
                           uint32_t valid = 200) {
        const auto ia = boost::make_shared<isc::dhcp::Option6IA>(D6O_IA_NA, iaid);
        ia->setT1(50);
        ia->setT2(80);
        ia->addOption(
            boost::make_shared<isc::dhcp::Option6IAAddr>(D6O_IAADDR, IOAddress(address), valid / 2, valid));
        response->addOption(ia);
    }

    static void addPrefix(const Pkt6Ptr& response, uint32_t iaid, const std::string& prefix) {
        const auto ia = boost::make_shared<isc::dhcp::Option6IA>(D6O_IA_PD, iaid);
        ia->addOption(
            boost::make_shared<isc::dhcp::Option6IAPrefix>(D6O_IAPREFIX, IOAddress(prefix), 56, 100, 200));
        response->addOption(ia);
    }

    // Returns the status of an IA, -1 for none, and its leases.
    static std::pair<int, size_t> stateOf(const Pkt6Ptr& response, uint32_t iaid) {
        for (const auto& [code, option] : response->options_) {
            const auto ia = boost::dynamic_pointer_cast<isc::dhcp::Option6IA>(option);
            if (ia && ia->getIAID() == iaid) {
                const auto status =
                    boost::dynamic_pointer_cast<isc::dhcp::Option6StatusCode>(ia->getOption(D6O_STATUS_CODE));
                return {status ? status->getStatusCode() : -1, ia->getOptions().size() - (status ? 1 : 0)};
            }
        }
        return {-2, 0};
    }
    typedef std::pair<int, size_t> State;

    // Adds a pool of prefixes to a subnet. Returns the text of the first prefix.
    std::string poolOf(SubnetID id) {
        const std::string first = "2001:db8:ff" + std::to_string(id) + "::";
        subnetWith(id)->addPool(
            boost::make_shared<isc::dhcp::Pool6>(isc::dhcp::Lease::TYPE_PD, IOAddress(first), 48, 56));
        return first;
    }
};

TEST_F(Leases6Test, whatIsOfElsewhereIsTakenOutAndAnsweredAsAFullPool) {
    const std::string inside = poolOf(30);
    const std::string outside = poolOf(2);
    const auto response = reply();
    addAddress(response, 1, "2001:db8:30::7");
    addAddress(response, 2, "2001:db8:2::7");
    addPrefix(response, 3, outside);
    addPrefix(response, 4, inside);
    sent(response, CalloutHandle::NEXT_STEP_CONTINUE);
    EXPECT_EQ(State(-1, 1), stateOf(response, 1));
    EXPECT_EQ(State(STATUS_NoAddrsAvail, 0), stateOf(response, 2));
    EXPECT_EQ(State(STATUS_NoPrefixAvail, 0), stateOf(response, 3));
    EXPECT_EQ(State(-1, 1), stateOf(response, 4));
    expectRefusal("2001:db8:2::7");
    expectRefusal(outside + "/56");
    EXPECT_EQ("id_type=DUID\nclient=ff:ff:ff\naddr=2001:db8:30::7\nregistered=no\n\n"
              "id_type=DUID\nclient=ff:ff:ff\naddr=" +
                  inside + "/56\nregistered=no\n\n",
              readFile(outcome_));
}

TEST_F(Leases6Test, whatIsTakenBackFromAClientIsLeftInTheResponse) {
    const auto response = reply();
    addAddress(response, 1, "2001:db8:30::7");
    response->getOption(D6O_IA_NA)->addOption(
        boost::make_shared<isc::dhcp::Option6IAAddr>(D6O_IAADDR, IOAddress("2001:db8:2::7"), 0, 0));
    sent(response, CalloutHandle::NEXT_STEP_CONTINUE);
    EXPECT_EQ(State(-1, 2), stateOf(response, 1));
    EXPECT_EQ(0, log_.count("USER_CHK_LEASE_REFUSED")) << log_.text();
}

TEST_F(Leases6Test, aPrefixOutOfAllPoolsThatTheRestrictedSubnetReservesIsGranted) {
    const auto host = boost::make_shared<isc::dhcp::Host>("ff:ff:ff", "duid", isc::dhcp::SUBNET_ID_UNUSED, 30,
                                                          IOAddress::IPV4_ZERO_ADDRESS());
    host->addReservation(
        isc::dhcp::IPv6Resrv(isc::dhcp::IPv6Resrv::TYPE_PD, IOAddress("2001:db8:aaaa::"), 56));
    isc::dhcp::CfgMgr::instance().getCurrentCfg()->getCfgHosts()->add(host);
    const auto response = reply();
    addPrefix(response, 1, "2001:db8:aaaa::");
    addPrefix(response, 2, "2001:db8:bbbb::");
    sent(response, CalloutHandle::NEXT_STEP_CONTINUE);
    EXPECT_EQ(State(-1, 1), stateOf(response, 1));
    EXPECT_EQ(State(STATUS_NoPrefixAvail, 0), stateOf(response, 2));
}

// --- the guards

// Subnets 1, 2 and 30 share a network.
template <typename Tested>
class GuardsTest : public LeasesTest<Tested> {
protected:
    typedef typename Tested::PktPtr PktPtr;

    void SetUp() override {
        LeasesTest<Tested>::SetUp();
        Tested::networksOf(this->config())->add(network_ = this->share({1, 2, 30}));
        this->configure();
    }

    // Returns the guards of a query.
    static std::string guardsIn(const PktPtr& query) {
        std::string found;
        for (const char* name : {"USER_CHK_NORMAL", "USER_CHK_RESTRICTED", "USER_CHK_RESTRICTED_2"}) {
            found += query->inClass(name) ? std::string(found.empty() ? "" : ", ") + name : "";
        }
        return found;
    }

    boost::shared_ptr<typename Tested::Network> network_;
};

TYPED_TEST_SUITE(GuardsTest, BothProtocols);

TYPED_TEST(GuardsTest, aQueryHasBothSidesUntilItIsPlaced) {
    for (const auto& [query, side] : {std::make_pair(TypeParam::queryOfKnown(), "USER_CHK_NORMAL"),
                                      std::make_pair(TypeParam::queryOfStranger(), "USER_CHK_RESTRICTED")}) {
        const auto handle = this->receive(query);
        EXPECT_EQ("USER_CHK_NORMAL, USER_CHK_RESTRICTED", this->guardsIn(query));
        this->select(handle);
        EXPECT_EQ(side, this->guardsIn(query));
    }
    EXPECT_EQ(1, this->log_.count("USER_CHK_SUBNETS_GUARDED", ": floor")) << this->log_.text();
}

TYPED_TEST(GuardsTest, eachRestrictedSubnetOfANetworkHasItsOwn) {
    this->say(*this->subnetWith(1), R"({"restricted-subnet-id": 2})");
    this->configure();
    const auto query = TypeParam::queryOfStranger();
    EXPECT_EQ(2, this->select(this->receive(query)));
    EXPECT_EQ("USER_CHK_RESTRICTED", this->guardsIn(query));
    this->selected_ = this->subnetWith(30);
    const auto other = TypeParam::queryOfStranger();
    EXPECT_EQ(30, this->select(this->receive(other)));
    EXPECT_EQ("USER_CHK_RESTRICTED_2", this->guardsIn(other));
}

TYPED_TEST(GuardsTest, leaveAClientWhereKeaHasSelectedItWhenNoNormalSubnetIsOpen) {
    for (const SubnetID id : {1, 2}) {
        kea::setGuard(*this->subnetWith(id), "voip");
    }
    this->selected_ = this->subnetWith(30);
    const auto query = TypeParam::queryOfKnown();
    EXPECT_EQ(30, this->select(this->receive(query)));
    EXPECT_EQ("USER_CHK_RESTRICTED", this->guardsIn(query));
    const auto phone = TypeParam::queryOfKnown();
    phone->addClass("voip");
    this->select(this->receive(phone));
    EXPECT_EQ("USER_CHK_NORMAL", this->guardsIn(phone));
}

TYPED_TEST(GuardsTest, areTakenOffWhereTheNetworkHasNoRestrictedSubnetAnyMore) {
    this->network_->del(30);
    this->configure();
    const auto query = TypeParam::queryOfStranger();
    this->select(this->receive(query));
    EXPECT_EQ("", this->guardsIn(query));
    EXPECT_TRUE(this->subnetWith(1)->clientSupported(query->getClasses()));
    EXPECT_TRUE(this->subnetWith(30)->clientSupported(query->getClasses()));
}

} // namespace
} // namespace user_chk
