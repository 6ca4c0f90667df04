// SPDX-License-Identifier: MPL-2.0
// Tests through a real CalloutHandle that the leases in the server's lease database end with the
// registrations.

#include <load/callouts_fixture.h>

#include <ctime>

namespace user_chk {
namespace {

using isc::hooks::CalloutHandle;
using test::BothProtocols;
using test::CalloutsTest;

// The server grants 3,600 seconds; the member's registration ends in 100.
template <typename Tested>
class LeaseEndsTest : public CalloutsTest<Tested> {
protected:
    typedef typename Tested::LeasePtr LeasePtr;
    typedef isc::hooks::CalloutHandlePtr HandlePtr;
    static constexpr uint32_t SECONDS = 100;

    void SetUp() override {
        CalloutsTest<Tested>::SetUp();
        this->enrollMember(R"("expires": ")" + inSeconds(SECONDS) + "\"");
        this->reloadWith("");
    }

    static std::string inSeconds(uint32_t seconds) {
        const std::time_t time = std::time(nullptr) + seconds + 1;
        char text[32];
        std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&time));
        return text;
    }

    static LeasePtr lease(uint32_t lifetime = 3600) {
        const LeasePtr made = Tested::leaseIn(1);
        made->valid_lft_ = lifetime;
        setPreferred(*made, lifetime);
        return made;
    }
    static void setPreferred(isc::dhcp::Lease4&, uint32_t) {}
    static void setPreferred(isc::dhcp::Lease6& lease, uint32_t lifetime) { lease.preferred_lft_ = lifetime; }
    static uint32_t preferredOf(const isc::dhcp::Lease4& lease) { return lease.valid_lft_; }
    static uint32_t preferredOf(const isc::dhcp::Lease6& lease) { return lease.preferred_lft_; }

    // Returns the lease after the server has passed it to the callouts.
    LeasePtr told(const char* hook, const HandlePtr& handle, const LeasePtr& lease) {
        handle->setArgument(Tested::LEASE, lease);
        this->call(hook, *handle);
        EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus()) << hook;
        return lease;
    }

    size_t calledHooks() {
        return std::count_if(Tested::LEASE_HOOKS.begin(), Tested::LEASE_HOOKS.end(),
                             [](const char* hook) { return test::LibraryFixture::calls(hook); });
    }
};

TYPED_TEST_SUITE(LeaseEndsTest, BothProtocols);

TYPED_TEST(LeaseEndsTest, theCalloutsAreThereWhereARegistrationEnds) {
    EXPECT_EQ(TypeParam::LEASE_HOOKS.size(), this->calledHooks());
    test::writeFile(this->registry_, R"({"type":"HW_ADDR","id":"aa","access":"restrict"})");
    this->reloadWith("");
    EXPECT_EQ(0, this->calledHooks());
}

TYPED_TEST(LeaseEndsTest, aLeaseIsShortened) {
    for (const char* hook : TypeParam::LEASE_HOOKS) {
        for (const uint32_t granted : {3600u, isc::dhcp::Lease::INFINITY_LFT}) {
            const auto lease = this->told(hook, this->receive(this->queryOfMember()), this->lease(granted));
            EXPECT_GE(this->SECONDS + 1, lease->valid_lft_) << hook;
            EXPECT_LE(this->SECONDS - 10, lease->valid_lft_) << hook;
            EXPECT_EQ(lease->valid_lft_, this->preferredOf(*lease));
        }
    }
    EXPECT_EQ(0, this->log_.count("ERROR")) << this->log_.text();
}

TYPED_TEST(LeaseEndsTest, aLeaseThatEndsBeforeIsLeftAlone) {
    for (const char* hook : TypeParam::LEASE_HOOKS) {
        const auto lease = this->told(hook, this->receive(this->queryOfMember()), this->lease(50));
        EXPECT_EQ(50, lease->valid_lft_) << hook;
        EXPECT_EQ(50, this->preferredOf(*lease)) << hook;
    }
}

TYPED_TEST(LeaseEndsTest, theLeasesOfOthersAreLeftAlone) {
    for (const char* hook : TypeParam::LEASE_HOOKS) {
        for (const auto& query : {TypeParam::queryOfKnown(), TypeParam::queryOfStranger()}) {
            EXPECT_EQ(3600, this->told(hook, this->receive(query), this->lease())->valid_lft_) << hook;
        }
    }
}

// The server would keep such a lease unchanged, and tell the client the remaining time.
TYPED_TEST(LeaseEndsTest, aLeaseThatWouldBeUsedAgainAsItIsIsRenewed) {
    for (const char* hook : TypeParam::LEASE_HOOKS) {
        for (const auto& [left, kept] : {std::pair{3000u, 0u}, std::pair{50u, 50u}}) {
            const auto lease = this->lease();
            lease->reuseable_valid_lft_ = left;
            this->told(hook, this->receive(this->queryOfMember()), lease);
            EXPECT_EQ(kept, lease->reuseable_valid_lft_) << hook;
        }
    }
}

TYPED_TEST(LeaseEndsTest, aLeaseThatAnotherLibraryHasRefusedIsLeftAlone) {
    for (const char* hook : TypeParam::LEASE_HOOKS) {
        const auto handle = this->receive(this->queryOfMember());
        const auto lease = this->lease();
        handle->setArgument(TypeParam::LEASE, lease);
        this->callAfter(CalloutHandle::NEXT_STEP_SKIP, hook, *handle);
        EXPECT_EQ(CalloutHandle::NEXT_STEP_SKIP, handle->getStatus());
        EXPECT_EQ(3600, lease->valid_lft_);
    }
}

// Here there is no lease database.
TYPED_TEST(LeaseEndsTest, aKeptLeaseThatCannotBeShortenedIsLoggedAndTheResponseIsSent) {
    const auto handle = this->receive(this->queryOfMember());
    const auto response = this->send(handle, TypeParam::grantIn(1));
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus());
    EXPECT_GE(this->SECONDS + 1, TypeParam::lifetimeOf(response));
    EXPECT_EQ(1, this->log_.count("USER_CHK_LEASE_NOT_ENDED", TypeParam::addressIn(1).toText()))
        << this->log_.text();
    EXPECT_NE("", test::readFile(this->outcome_));
}

// --- BOOTP

class BootpTest : public LeaseEndsTest<test::Tested4> {
protected:
    static test::Tested4::PktPtr byBootp(const test::Tested4::PktPtr& query) {
        query->addClass("BOOTP"); // as Kea's BOOTP library does
        return query;
    }
};

TEST_F(BootpTest, aClientWhoseRegistrationEndsGetsNoAnswer) {
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, receive(byBootp(queryOfMember()))->getStatus());
    EXPECT_EQ(1, log_.count("USER_CHK_BOOTP_DROPPED", "HW_ADDR=0c0eabcdef01")) << log_.text();
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, receive(queryOfMember())->getStatus());
    EXPECT_EQ(1, log_.count("USER_CHK_BOOTP_DROPPED"));
}

TEST_F(BootpTest, anyOtherClientIsServed) {
    for (const auto& query : {test::Tested4::queryOfKnown(), test::Tested4::queryOfStranger()}) {
        EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, receive(byBootp(query))->getStatus());
    }
    enroll("00000000", R"("expires": ")" + inSeconds(50) + "\"");
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, receive(byBootp(test::Tested4::queryOfStranger()))->getStatus());
}

} // namespace
} // namespace user_chk
