// SPDX-License-Identifier: MPL-2.0
// Tests through a real CalloutHandle how queries are treated: classes, access, placement.

#include <load/callouts_fixture.h>

#include <string>

namespace user_chk {
namespace {

using isc::hooks::CalloutHandle;
using test::BothProtocols;
using test::CalloutsTest;
using test::readFile;
using test::writeFile;

const std::string PAST = "2020-01-01T00:00:00Z";

// --- classes

template <typename Tested>
class ClassesTest : public CalloutsTest<Tested> {
protected:
    typedef typename Tested::PktPtr PktPtr;

    // Returns the query after it was received.
    PktPtr received(const PktPtr& query) {
        this->receive(query);
        return query;
    }

    // Returns those of these classes that the query has.
    static std::string classesOf(const PktPtr& query) {
        std::string found;
        for (const char* name : {"USER_CHK_REGISTERED", "USER_CHK_UNREGISTERED", "known", "strangers", "voip",
                                 "floor 2", "guest"}) {
            found += query->inClass(name) ? std::string(found.empty() ? "" : ", ") + name : "";
        }
        return found;
    }
};

TYPED_TEST_SUITE(ClassesTest, BothProtocols);

TYPED_TEST(ClassesTest, aQueryGetsTheClassThatTellsHowItsClientStands) {
    EXPECT_EQ("USER_CHK_REGISTERED", this->classesOf(this->received(TypeParam::queryOfKnown())));
    EXPECT_EQ("USER_CHK_UNREGISTERED", this->classesOf(this->received(TypeParam::queryOfStranger())));
    EXPECT_EQ("USER_CHK_UNREGISTERED", this->classesOf(this->received(TypeParam::queryWithoutId())));
}

TYPED_TEST(ClassesTest, bothNamesAreConfigured) {
    this->reloadWith(R"("registered-class": "known", "unregistered-class": "strangers")");
    EXPECT_EQ("known", this->classesOf(this->received(TypeParam::queryOfKnown())));
    EXPECT_EQ("strangers", this->classesOf(this->received(TypeParam::queryOfStranger())));
}

TYPED_TEST(ClassesTest, aUserBringsClassesOfItsOwn) {
    this->enrollMember(R"("client-classes": "voip, floor 2")");
    this->enrollDefaultUser(R"("client-classes": "guest")");
    EXPECT_EQ("USER_CHK_REGISTERED, voip, floor 2", this->classesOf(this->received(this->queryOfMember())));
    EXPECT_EQ("USER_CHK_REGISTERED", this->classesOf(this->received(TypeParam::queryOfKnown())));
}

TYPED_TEST(ClassesTest, theDefaultUserBringsThoseOfUnregisteredClients) {
    this->enrollMember(R"("client-classes": "voip", "access": "restrict")");
    this->enrollDefaultUser(R"("client-classes": "guest")");
    EXPECT_EQ("USER_CHK_UNREGISTERED, guest", this->classesOf(this->received(TypeParam::queryOfStranger())));
    EXPECT_EQ("USER_CHK_UNREGISTERED, guest", this->classesOf(this->received(this->queryOfMember())));
}

TYPED_TEST(ClassesTest, aQueryThatWasNotSeenBeforeGetsThemWhenItsSubnetIsSelected) {
    const auto query = TypeParam::queryOfStranger();
    this->select(this->start(query));
    EXPECT_EQ("USER_CHK_UNREGISTERED", this->classesOf(query));
}

// --- access and expiry

template <typename Tested>
class AccessTest : public CalloutsTest<Tested> {
protected:
    typedef typename Tested::PktPtr PktPtr;

    // Expects its query to be received and then dropped.
    void expectDenied(const PktPtr& query) {
        EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, this->receive(query)->getStatus());
        EXPECT_FALSE(query->inClass("USER_CHK_REGISTERED") || query->inClass("USER_CHK_UNREGISTERED"));
    }

    // Expects it to be treated as an unregistered client, for this reason.
    void expectUnregistered(const PktPtr& query, const std::string& reason) {
        this->log_.clear();
        const auto handle = this->receive(query);
        EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus());
        EXPECT_EQ(30, this->select(handle));
        EXPECT_EQ(1, this->log_.count("USER_CHK_QUERY_UNREGISTERED", ": " + reason)) << this->log_.text();
        writeFile(this->outcome_, "");
        this->send(handle, Tested::response());
        EXPECT_NE(std::string::npos, readFile(this->outcome_).find("registered=no"));
        EXPECT_EQ(std::string::npos, readFile(this->outcome_).find("registered=yes"));
    }
};

TYPED_TEST_SUITE(AccessTest, BothProtocols);

TYPED_TEST(AccessTest, aUserWhoIsDeniedIsDroppedWithOneMessageForEachQuery) {
    this->enrollMember(R"("access": "deny")");
    this->expectDenied(this->queryOfMember());
    this->log_.clear();
    this->expectDenied(this->queryOfMember());
    this->expectDenied(this->queryOfMember());
    EXPECT_EQ(2, this->log_.count("USER_CHK_QUERY_DENIED", std::string(TypeParam::TYPE) + "=0c0eabcdef01"))
        << this->log_.text();
    EXPECT_EQ(2, this->log_.count("INFO  [load_tests.user_chk")) << this->log_.text();
}

TYPED_TEST(AccessTest, strangersAreDeniedWhereTheDefaultUserIs) {
    this->enrollDefaultUser(R"("access": "deny")");
    this->expectDenied(TypeParam::queryOfStranger());
    EXPECT_EQ(1, this->log_.count("USER_CHK_QUERY_DENIED " + std::string(TypeParam::STRANGER)));
    this->expectDenied(TypeParam::queryWithoutId());
    EXPECT_EQ(1, this->log_.count("USER_CHK_QUERY_DENIED", "without an identifier"));
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, this->receive(TypeParam::queryOfKnown())->getStatus());
}

TYPED_TEST(AccessTest, aUserWhoIsDeniedGetsNothingWhereItsQueryWasNotSeenBefore) {
    this->enrollMember(R"("access": "deny")");
    const auto selecting = this->start(this->queryOfMember());
    EXPECT_EQ(1, this->select(selecting));
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, selecting->getStatus());
    EXPECT_EQ(1, this->log_.count("USER_CHK_QUERY_DENIED")) << this->log_.text();

    const auto sending = this->start(this->queryOfMember());
    this->send(sending, TypeParam::response());
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, sending->getStatus());
    EXPECT_EQ("", readFile(this->outcome_));
}

TYPED_TEST(AccessTest, clientsAreTreatedAsNotRegisteredForAReason) {
    this->expectUnregistered(TypeParam::queryOfStranger(), "it is not in the registry");
    this->enrollMember(R"("access": "restrict")");
    this->expectUnregistered(this->queryOfMember(), "its access is restricted");
    this->enroll("abcdef01", R"("expires": ")" + PAST + "\"");
    this->expectUnregistered(TypeParam::query({0xab, 0xcd, 0xef, 0x01}), "its registration has expired");
}

TYPED_TEST(AccessTest, aRegistrationThatHasNotExpiredHolds) {
    this->enrollMember(R"("expires": "2200-01-01T00:00:00Z", "access": "allow")");
    EXPECT_EQ(1, this->select(this->receive(this->queryOfMember())));
}

TYPED_TEST(AccessTest, aBadAttributeLeavesTheLastGoodRegistryInForce) {
    this->enrollMember(R"("access": "no")");
    EXPECT_EQ(1, this->select(this->receive(TypeParam::queryOfKnown())));
    EXPECT_EQ(30, this->select(this->receive(this->queryOfMember())));
    EXPECT_EQ(1, this->log_.count("USER_CHK_REGISTRY_LOAD_FAILED",
                                  this->registry_ +
                                      ":3: invalid access: 'no', must be one of allow, restrict, deny"))
        << this->log_.text();
}

// --- placement

template <typename Tested>
class PlacementTest : public CalloutsTest<Tested> {
protected:
    typedef typename Tested::PktPtr PktPtr;

    // Returns the subnet that a client gets, 0 when its query is dropped.
    isc::dhcp::SubnetID placed(const PktPtr& query) {
        const auto handle = this->receive(query);
        const auto subnet = this->select(handle);
        return handle->getStatus() == CalloutHandle::NEXT_STEP_DROP ? 0 : subnet;
    }
    isc::dhcp::SubnetID placedStranger() { return placed(Tested::queryOfStranger()); }
    isc::dhcp::SubnetID placedKnown() { return placed(Tested::queryOfKnown()); }
};

TYPED_TEST_SUITE(PlacementTest, BothProtocols);

TYPED_TEST(PlacementTest, strangersAreDropped) {
    this->reloadWith(R"("unregistered-clients": "drop")");
    EXPECT_EQ(0, this->placedStranger());
    EXPECT_EQ(1, this->placedKnown());
    EXPECT_EQ(1, this->log_.count("USER_CHK_UNREGISTERED_DROPPED", std::string(": ") + TypeParam::SUBNET_1))
        << this->log_.text();
    this->selected_.reset();
    EXPECT_EQ(0, this->placedStranger());
    EXPECT_EQ(1, this->log_.count("USER_CHK_UNREGISTERED_DROPPED", ": none"));
}

TYPED_TEST(PlacementTest, strangersKeepTheirSubnetAndAreClassified) {
    this->reloadWith(R"("unregistered-clients": "classify")");
    const auto query = TypeParam::queryOfStranger();
    const auto handle = this->receive(query);
    EXPECT_EQ(1, this->select(handle));
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus());
    EXPECT_TRUE(query->inClass("USER_CHK_UNREGISTERED"));
    this->send(handle, TypeParam::response());
    EXPECT_EQ(TypeParam::RECORD_OF_STRANGER, readFile(this->outcome_));
}

TYPED_TEST(PlacementTest, strangersGetTheSubnetThatTheParametersName) {
    this->reloadWith(R"("restricted-subnet-id": 2)");
    EXPECT_EQ(2, this->placedStranger());
    EXPECT_EQ(1, this->placedKnown());
    this->selected_.reset();
    EXPECT_EQ(2, this->placedStranger());
}

TYPED_TEST(PlacementTest, subnetDecidesThenItsNetworkThenTheParameters) {
    const auto network = this->share({1, 2});
    this->reloadWith(R"("unregistered-clients": "drop", "restricted-subnet-id": 30)");
    this->say(*network, R"({"unregistered-clients": "restrict"})");
    EXPECT_EQ(30, this->placedStranger());
    this->say(*network, R"({"unregistered-clients": "restrict", "restricted-subnet-id": 1})");
    this->say(*this->subnetWith(1), R"({"restricted-subnet-id": 2})");
    EXPECT_EQ(2, this->placedStranger());
    this->say(*this->subnetWith(1), R"({"unregistered-clients": "classify"})");
    EXPECT_EQ(1, this->placedStranger());
    this->selected_ = this->subnetWith(30);
    EXPECT_EQ(0, this->placedStranger()) << "is in no shared network";
}

TYPED_TEST(PlacementTest, aRestrictedSubnetThatIsNotThereDropsTheQuery) {
    this->say(*this->subnetWith(1), R"({"restricted-subnet-id": 99})");
    EXPECT_EQ(0, this->placedStranger());
    EXPECT_EQ(0, this->placedStranger());
    EXPECT_EQ(1, this->log_.count("ERROR")) << this->log_.text();
    EXPECT_EQ(1, this->log_.count(
                     "USER_CHK_RESTRICTED_SUBNET_GONE queries of unregistered clients are dropped, their "
                     "restricted subnet with id 99 is gone"))
        << this->log_.text();
    EXPECT_EQ(1, this->placedKnown());
}

TYPED_TEST(PlacementTest, row_21_theRestrictedSubnetIsTheLastOneOfTheConfiguration) {
    this->configure();
    this->subnets_.insert(TypeParam::subnet(31));
    EXPECT_EQ(30, this->placedStranger());
    this->subnets_.template get<isc::dhcp::SubnetSubnetIdIndexTag>().erase(30);
    EXPECT_EQ(0, this->placedStranger());
    EXPECT_EQ(1, this->log_.count("USER_CHK_RESTRICTED_SUBNET_GONE", "id 30")) << this->log_.text();
    EXPECT_EQ(1, this->placedKnown());
}

TYPED_TEST(PlacementTest, theRestrictedSubnetIsTheLastOneThatTheFirstUnregisteredClientMeets) {
    isc::dhcp::CfgMgr::instance().clear();
    EXPECT_EQ("", this->configured());
    EXPECT_EQ(1, this->placedKnown());
    EXPECT_EQ(30, this->placedStranger());
    this->subnets_.insert(TypeParam::subnet(31));
    EXPECT_EQ(30, this->placedStranger());
}

TYPED_TEST(PlacementTest, oneSubnetForBothSidesIsToldOf) {
    isc::dhcp::CfgMgr::instance().clear();
    TypeParam::subnetsOf(this->config())->add(this->subnetWith(1));
    EXPECT_EQ("", this->configured());
    EXPECT_EQ(1, this->log_.count("USER_CHK_SUBNET_NOT_APART",
                                  std::string("subnet ") + TypeParam::SUBNET_1 + " (id 1)"))
        << this->log_.text();
    this->log_.clear();
    this->configure();
    EXPECT_EQ(0, this->log_.count("USER_CHK_SUBNET_NOT_APART")) << this->log_.text();
}

// A subnet may be added while the server runs, without the library being told.
TYPED_TEST(PlacementTest, aBadContextDropsTheQuery) {
    this->say(*this->subnetWith(1), R"({"restricted-subnet-id": "2"})");
    EXPECT_EQ(0, this->placedStranger());
    EXPECT_EQ(0, this->placedKnown());
    EXPECT_EQ(2, this->log_.count(std::string("user-context of subnet ") + TypeParam::SUBNET_1 +
                                  " (id 1): 'restricted-subnet-id' parameter is not an integer"))
        << this->log_.text();
}

// --- clients that have moved

class MovedClientTest : public CalloutsTest<test::Tested4> {
protected:
    void SetUp() override {
        CalloutsTest<test::Tested4>::SetUp();
        reloadWith(R"("nak-moved-clients": true)");
    }

    // Whether a query that renews an address of a subnet is left without a subnet, so that Kea rejects it.
    bool isRefused(const isc::dhcp::Pkt4Ptr& query, isc::dhcp::SubnetID renewed) {
        query->setCiaddr(test::Tested4::addressIn(renewed));
        const auto handle = receive(query);
        select(handle);
        EXPECT_NE(CalloutHandle::NEXT_STEP_DROP, handle->getStatus());
        return handle->getStatus() == CalloutHandle::NEXT_STEP_SKIP;
    }
    bool isStrangerRefused(isc::dhcp::SubnetID renewed) {
        return isRefused(test::Tested4::queryOfStranger(), renewed);
    }
    bool isKnownRefused(isc::dhcp::SubnetID renewed) {
        return isRefused(test::Tested4::queryOfKnown(), renewed);
    }

    // Limits a pool of a subnet to a class.
    void guard(isc::dhcp::SubnetID id, const std::string& client_class) {
        const auto pool = boost::make_shared<isc::dhcp::Pool4>(subnetWith(id)->get().first, 24);
        pool->allowClientClass(client_class);
        subnetWith(id)->addPool(pool);
    }
};

TEST_F(MovedClientTest, isRefusedWhereItNoLongerBelongs) {
    EXPECT_TRUE(isStrangerRefused(1));
    EXPECT_FALSE(isStrangerRefused(30));
    EXPECT_TRUE(isKnownRefused(30));
    EXPECT_FALSE(isKnownRefused(1));
    EXPECT_EQ(2, log_.count("USER_CHK_CLIENT_MOVED")) << log_.text();
    for (const std::string part :
         {"address 192.0.1.7 ", "(192.0.30.0/24)", "address 192.0.30.7 ", "(192.0.1.0/24)"}) {
        EXPECT_EQ(1, log_.count("USER_CHK_CLIENT_MOVED", part)) << part << '\n' << log_.text();
    }
    EXPECT_EQ(1, log_.count("USER_CHK_STRANGER_SEEN")) << log_.text();
    EXPECT_EQ(3, log_.count("INFO")) << log_.text();
}

TEST_F(MovedClientTest, isNotRefusedUnlessThatIsAskedFor) {
    reloadWith("");
    EXPECT_FALSE(isStrangerRefused(1));
    EXPECT_FALSE(isKnownRefused(30));
    say(*subnetWith(1), R"({"nak-moved-clients": true})");
    EXPECT_TRUE(isStrangerRefused(1));
}

TEST_F(MovedClientTest, isRefusedWhatAGuardClosesToItsSide) {
    guard(1, "USER_CHK_UNREGISTERED");
    EXPECT_TRUE(isKnownRefused(1));
    reloadWith(R"("nak-moved-clients": true, "unregistered-clients": "classify")");
    EXPECT_FALSE(isStrangerRefused(1));
    guard(30, "USER_CHK_REGISTERED");
    selected_ = subnetWith(30);
    EXPECT_TRUE(isStrangerRefused(30));
    EXPECT_FALSE(isKnownRefused(30));
}

TEST_F(MovedClientTest, isToldFromTheOthersByTheClassesThatAreConfigured) {
    reloadWith(R"("nak-moved-clients": true, "unregistered-class": "strangers", "registered-class": "known",
                  "unregistered-clients": "classify")");
    guard(1, "strangers");
    EXPECT_TRUE(isKnownRefused(1));
    EXPECT_FALSE(isStrangerRefused(1));
    guard(30, "known");
    selected_ = subnetWith(30);
    EXPECT_TRUE(isStrangerRefused(30));
    EXPECT_FALSE(isKnownRefused(30));
}

// Kea 3.0 sends no DHCPNAK to a client that reboots, but does to one that accepts this server's offer.
TEST_F(MovedClientTest, whoRebootsLooksAsOneWhoTakesAnOffer) {
    const auto query = test::Tested4::queryOfKnown();
    query->setLocalAddr(isc::asiolink::IOAddress("192.0.1.1"));
    query->addOption(boost::make_shared<isc::dhcp::Option>(isc::dhcp::Option::V4,
                                                           isc::dhcp::DHO_DHCP_REQUESTED_ADDRESS,
                                                           test::Tested4::addressIn(30).toBytes()));
    const auto handle = receive(query);
    select(handle);
    EXPECT_EQ(CalloutHandle::NEXT_STEP_SKIP, handle->getStatus());
    const auto server_id = query->getOption(isc::dhcp::DHO_DHCP_SERVER_IDENTIFIER);
    ASSERT_TRUE(server_id);
    EXPECT_EQ(isc::asiolink::IOAddress("192.0.1.1").toBytes(), server_id->toBinary(false));
}

TEST_F(MovedClientTest, isLeftToKeaWhereThereIsNoSubnet) {
    selected_.reset();
    EXPECT_FALSE(isKnownRefused(1));
}

// --- queries whose subnet is selected by the address that they renew

// Unregistered clients are moved from subnet 1 to 2, and from 2 to 30.
class RenewalTest : public MovedClientTest {
protected:
    void SetUp() override {
        MovedClientTest::SetUp();
        say(*subnetWith(1), R"({"restricted-subnet-id": 2})");
        configure();
        selected_ = subnetWith(2);
    }

    static isc::dhcp::Pkt4Ptr broadcast(const isc::dhcp::Pkt4Ptr& query) {
        query->setLocalAddr(isc::asiolink::IOAddress::IPV4_BCAST_ADDRESS());
        return query;
    }
    static isc::dhcp::Pkt4Ptr relayed(const isc::dhcp::Pkt4Ptr& query) {
        query->setGiaddr(isc::asiolink::IOAddress("192.0.2.1"));
        return query;
    }
};

TEST_F(RenewalTest, aStrangerStaysInTheSubnetThatItWasPutInto) {
    EXPECT_FALSE(isStrangerRefused(2));
    const auto query = test::Tested4::queryOfStranger();
    query->setCiaddr(test::Tested4::addressIn(2));
    EXPECT_EQ(2, select(receive(query)));
}

TEST_F(RenewalTest, aStrangerWhoComesByThatSubnetItselfIsMovedOn) {
    reloadWith("");
    for (const auto& query :
         {broadcast(test::Tested4::queryOfStranger()), relayed(test::Tested4::queryOfStranger())}) {
        query->setCiaddr(test::Tested4::addressIn(2));
        EXPECT_EQ(30, select(receive(query)));
    }
    EXPECT_EQ(30, select(receive(test::Tested4::queryOfStranger()))) << "asks for no address";
}

TEST_F(RenewalTest, aRegisteredClientIsToLeaveTheSubnetThatItWasPutInto) {
    EXPECT_TRUE(isKnownRefused(2));
    selected_ = subnetWith(1);
    EXPECT_FALSE(isKnownRefused(1));
}

TEST_F(RenewalTest, aRegisteredClientMayBeInThatSubnetItself) {
    EXPECT_FALSE(isRefused(broadcast(test::Tested4::queryOfKnown()), 2));
    EXPECT_FALSE(isRefused(relayed(test::Tested4::queryOfKnown()), 2));
}

TEST_F(RenewalTest, aRegisteredClientMayHaveItFromASharedNetwork) {
    const auto network = share({1, 2});
    EXPECT_FALSE(isKnownRefused(2));
}

class MovedClient6Test : public CalloutsTest<test::Tested6> {};

TEST_F(MovedClient6Test, isMovedByKeaItself) {
    reloadWith(R"("nak-moved-clients": true)");
    const auto handle = receive(test::Tested6::queryOfStranger());
    EXPECT_EQ(30, select(handle));
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus());
}

} // namespace
} // namespace user_chk
