// SPDX-License-Identifier: MPL-2.0
// Tests through a real CalloutHandle that no unregistered client gets a lease outside of its restricted
// subnet.

#include <load/callouts_fixture.h>

#include <process/config_ctl_info.h>

namespace user_chk {
namespace {

using isc::hooks::CalloutHandle;
using test::BothProtocols;
using test::CalloutsTest;
using test::HooksManager;
using test::readFile;

// --- where the callouts are needed ------------------------------------------------------------------------

template <typename Tested>
class LeaseCalloutsTest : public CalloutsTest<Tested> {
protected:
    // Loads anew, and tells for how many of the hook points for leases there is a callout.
    size_t registered() {
        this->reloadWith("");
        return std::count_if(Tested::LEASE_HOOKS.begin(), Tested::LEASE_HOOKS.end(),
                             [](const char* hook) { return test::LibraryFixture::calls(hook); });
    }
    static size_t all() { return Tested::LEASE_HOOKS.size(); }
};

TYPED_TEST_SUITE(LeaseCalloutsTest, BothProtocols);

TYPED_TEST(LeaseCalloutsTest, areNotRegisteredWithoutNeed) {
    this->addLibrary("/usr/lib/kea/hooks/libdhcp_lease_cmds.so");
    EXPECT_EQ(0, this->registered());
}

TYPED_TEST(LeaseCalloutsTest, areRegisteredWhereThereIsASharedNetwork) {
    TypeParam::networksOf(this->config())->add(this->share({1}));
    EXPECT_EQ(this->all(), this->registered());
}

TYPED_TEST(LeaseCalloutsTest, areRegisteredWhereOneMayBeAddedByCommand) {
    this->addLibrary("/usr/lib/kea/hooks/libdhcp_lease_cmds.so");
    this->addLibrary("/usr/lib/kea/hooks/libdhcp_subnet_cmds.so");
    EXPECT_EQ(this->all(), this->registered());
}

TYPED_TEST(LeaseCalloutsTest, areRegisteredWhereOneMayComeFromADatabase) {
    this->config().setConfigControlInfo(boost::make_shared<isc::process::ConfigControlInfo>());
    EXPECT_EQ(this->all(), this->registered());
}

TYPED_TEST(LeaseCalloutsTest, areThoseOfTheServersProtocol) {
    TypeParam::networksOf(this->config())->add(this->share({1}));
    this->registered();
    for (const char* hook :
         {"lease4_select", "lease4_renew", "lease6_select", "lease6_renew", "lease6_rebind"}) {
        EXPECT_EQ(std::string(TypeParam::LEASE_HOOKS.front())[5] == hook[5], this->calls(hook)) << hook;
    }
}

// --- what they do -----------------------------------------------------------------------------------------

// Subnets 1, 2 and 30 share a network. Clients are selected subnet 1, so strangers are moved to 30.
template <typename Tested>
class LeasesTest : public CalloutsTest<Tested> {
protected:
    typedef typename Tested::PktPtr PktPtr;
    typedef isc::hooks::CalloutHandlePtr HandlePtr;

    void SetUp() override {
        CalloutsTest<Tested>::SetUp();
        Tested::networksOf(this->config())->add(network_ = this->share({1, 2, 30}));
        this->reloadWith("");
    }

    HandlePtr selected(const PktPtr& query) {
        const auto handle = this->receive(query);
        this->select(handle);
        return handle;
    }

    // What the server is told about a lease of a subnet.
    CalloutHandle::CalloutNextStep lease(const char* hook, const HandlePtr& handle, isc::dhcp::SubnetID id) {
        handle->setArgument(Tested::LEASE, Tested::leaseIn(id));
        this->call(hook, *handle);
        return handle->getStatus();
    }

    // Has a response sent that grants a lease of a subnet.
    CalloutHandle::CalloutNextStep grant(const HandlePtr& handle, isc::dhcp::SubnetID id) {
        this->send(handle, Tested::grantIn(id));
        return handle->getStatus();
    }

    boost::shared_ptr<typename Tested::Network> network_;
};

TYPED_TEST_SUITE(LeasesTest, BothProtocols);

TYPED_TEST(LeasesTest, aStrangerGetsThoseOfItsRestrictedSubnetOnly) {
    for (const char* hook : TypeParam::LEASE_HOOKS) {
        const auto handle = this->selected(TypeParam::queryOfStranger());
        EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, this->lease(hook, handle, 30)) << hook;
        EXPECT_EQ(CalloutHandle::NEXT_STEP_SKIP, this->lease(hook, handle, 2)) << hook;
        EXPECT_EQ(CalloutHandle::NEXT_STEP_SKIP, this->lease(hook, handle, 1)) << hook;
    }
    EXPECT_EQ(0, this->log_.count("ERROR")) << this->log_.text();
}

TYPED_TEST(LeasesTest, aRegisteredClientGetsAny) {
    for (const char* hook : TypeParam::LEASE_HOOKS) {
        const auto handle = this->selected(TypeParam::queryOfKnown());
        for (const isc::dhcp::SubnetID id : {1, 2, 30}) {
            EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, this->lease(hook, handle, id)) << hook;
        }
    }
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, this->grant(this->selected(TypeParam::queryOfKnown()), 2));
}

TYPED_TEST(LeasesTest, aStrangerWhoIsOnlyClassifiedGetsAny) {
    this->reloadWith(R"("unregistered-clients": "classify")");
    const auto handle = this->selected(TypeParam::queryOfStranger());
    for (const char* hook : TypeParam::LEASE_HOOKS) {
        EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, this->lease(hook, handle, 2)) << hook;
    }
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, this->grant(handle, 2));
}

TYPED_TEST(LeasesTest, aRestrictedSubnetThatSharesNoNetworkCannotBeLeft) {
    this->network_->del(30);
    const auto handle = this->selected(TypeParam::queryOfStranger());
    for (const char* hook : TypeParam::LEASE_HOOKS) {
        EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, this->lease(hook, handle, 30)) << hook;
    }
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, this->grant(handle, 30));
}

TYPED_TEST(LeasesTest, theOperatorIsToldOnceWhatToDoAndOfTheNextForDebuggingOnly) {
    this->reloadWith(R"("registered-class": "known")");
    const auto handle = this->selected(TypeParam::queryOfStranger());
    const char* hook = TypeParam::LEASE_HOOKS.front();
    this->lease(hook, handle, 2);
    this->lease(hook, handle, 2);
    this->lease(hook, this->selected(TypeParam::queryOfStranger()), 1);
    EXPECT_EQ(1, this->log_.count("WARN")) << this->log_.text();
    EXPECT_EQ(2,
              this->log_.count(std::string("USER_CHK_LEASE_REFUSED ") + TypeParam::STRANGER +
                               " is not registered and was refused " + TypeParam::addressIn(2).toText() +
                               ", which is not of its restricted subnet " + TypeParam::SUBNET_30 +
                               ". Guard the other subnets of the shared network with the client class known"))
        << this->log_.text();
}

TYPED_TEST(LeasesTest, whatWasRefusedOnceIsNotSent) {
    const auto handle = this->selected(TypeParam::queryOfStranger());
    this->lease(TypeParam::LEASE_HOOKS.front(), handle, 2);
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, this->grant(handle, 30));
    EXPECT_EQ("", readFile(this->outcome_));
}

TYPED_TEST(LeasesTest, aResponseThatGrantsNothingIsSentAfterARefusal) {
    const auto handle = this->selected(TypeParam::queryOfStranger());
    this->lease(TypeParam::LEASE_HOOKS.front(), handle, 2);
    this->send(handle, TypeParam::refusal());
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus());
}

TYPED_TEST(LeasesTest, aLeaseOfASiblingThatNobodyRefusedIsNotSent) {
    this->enrollDefaultUser(R"("bootfile": "/default")");
    const auto handle = this->selected(TypeParam::queryOfStranger());
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, this->grant(handle, 2));
    EXPECT_EQ("", readFile(this->outcome_));
    EXPECT_EQ(1, this->log_.count("USER_CHK_LEASE_REFUSED")) << this->log_.text();
    EXPECT_EQ(1, this->log_.count("was refused " + TypeParam::addressIn(2).toText()));

    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE,
              this->grant(this->selected(TypeParam::queryOfStranger()), 30));
    EXPECT_NE("", readFile(this->outcome_));
}

TYPED_TEST(LeasesTest, aLeaseThatCannotBeExaminedIsRefusedInTheResponse) {
    for (const char* hook : TypeParam::LEASE_HOOKS) {
        const auto handle = this->selected(TypeParam::queryOfStranger());
        this->log_.clear();
        this->call(hook, *handle);
        EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus()) << hook;
        EXPECT_EQ(1, this->log_.count(std::string("USER_CHK_LEASE") + hook[5] + "_ERROR"))
            << this->log_.text();
        EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, this->grant(handle, 2)) << hook;
    }
}

TYPED_TEST(LeasesTest, aDecisionOfAnotherLibraryStands) {
    for (const auto status : {CalloutHandle::NEXT_STEP_DROP, CalloutHandle::NEXT_STEP_SKIP}) {
        const auto handle = this->selected(TypeParam::queryOfStranger());
        handle->setArgument(TypeParam::LEASE, TypeParam::leaseIn(2));
        this->callAfter(status, TypeParam::LEASE_HOOKS.front(), *handle);
        EXPECT_EQ(status, handle->getStatus());
    }
    EXPECT_EQ(0, this->log_.count("USER_CHK_LEASE_REFUSED")) << this->log_.text();
}

// --- reservations, which the server does not let anybody skip ----------------------------------------------

template <typename Tested>
class ReservationsTest : public LeasesTest<Tested> {
protected:
    void reserve(const isc::dhcp::HostPtr& host) {
        for (const auto& subnet : this->subnets_) {
            subnet->setReservationsInSubnet(true);
        }
        isc::dhcp::CfgMgr::instance().getCurrentCfg()->getCfgHosts()->add(host);
    }
};

TYPED_TEST_SUITE(ReservationsTest, BothProtocols);

TYPED_TEST(ReservationsTest, aStrangerWhoHasOneInASiblingIsNotAnswered) {
    this->reserve(TypeParam::reservationIn(2));
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, this->selected(TypeParam::queryOfStranger())->getStatus());
    EXPECT_EQ(1, this->log_.count(std::string("USER_CHK_LEASE_REFUSED ") + TypeParam::STRANGER +
                                  " is not registered and was refused " + TypeParam::addressIn(2).toText()))
        << this->log_.text();
    EXPECT_EQ(0, this->log_.count("ERROR")) << this->log_.text();
    this->reloadWith(R"("unregistered-clients": "classify")");
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, this->selected(TypeParam::queryOfStranger())->getStatus());
}

TYPED_TEST(ReservationsTest, aStrangerMayHaveOneInTheRestrictedSubnet) {
    this->reserve(TypeParam::reservationIn(30));
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, this->selected(TypeParam::queryOfStranger())->getStatus());
}

TYPED_TEST(ReservationsTest, aLeaseThatIsReservedIsNotSkippedButNotSentEither) {
    this->reserve(TypeParam::reservationIn(2, "01:02:03"));
    for (const char* hook : TypeParam::LEASE_HOOKS) {
        const auto handle = this->selected(TypeParam::queryOfStranger());
        EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, this->lease(hook, handle, 2)) << hook;
        EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, this->grant(handle, 30)) << hook;
    }
    EXPECT_EQ("", readFile(this->outcome_));
}

class InformTest : public LeasesTest<test::Tested4> {};

TEST_F(InformTest, isAnsweredWhateverAddressItsClientHas) {
    const auto handle = selected(test::Tested4::queryOfStranger());
    send(handle, boost::make_shared<isc::dhcp::Pkt4>(isc::dhcp::DHCPACK, 1234));
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus());
}

class DelegatedPrefixTest : public LeasesTest<test::Tested6> {
protected:
    // A response that delegates a prefix of the pool of a subnet.
    isc::dhcp::Pkt6Ptr delegate(isc::dhcp::SubnetID id) {
        using namespace isc::dhcp;
        const isc::asiolink::IOAddress pool("2001:db8:ff" + std::to_string(id) + "::");
        subnetWith(id)->addPool(boost::make_shared<Pool6>(Lease::TYPE_PD, pool, 48, 56));
        const auto packet = boost::make_shared<Pkt6>(DHCPV6_REPLY, 1234);
        const auto pd = boost::make_shared<Option6IA>(D6O_IA_PD, 1);
        pd->addOption(boost::make_shared<Option6IAPrefix>(D6O_IAPREFIX, pool, 56, 100, 200));
        packet->addOption(pd);
        return packet;
    }
};

TEST_F(DelegatedPrefixTest, isOfTheRestrictedSubnetToo) {
    const auto refused = selected(test::Tested6::queryOfStranger());
    send(refused, delegate(2));
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, refused->getStatus());
    const auto granted = selected(test::Tested6::queryOfStranger());
    send(granted, delegate(30));
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, granted->getStatus());
}

} // namespace
} // namespace user_chk
