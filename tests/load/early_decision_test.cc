// SPDX-License-Identifier: MPL-2.0
// Tests through a real CalloutHandle the decision on a DHCPv4 query that the server has not parsed yet.

#include <load/callouts_fixture.h>

#include <kea_compat.h>
#include <support/as_received.h>

#include <cc/command_interpreter.h>
#include <hooks/hooks_manager.h>

#include <string>

namespace user_chk {
namespace {

using isc::hooks::CalloutHandle;
using test::CalloutsTest;

constexpr const char* BUFFER_HOOK = "buffer4_receive";

// The operator has closed each subnet to unregistered clients.
class GuardedSubnetsTest : public CalloutsTest<test::Tested4> {
protected:
    void SetUp() override {
        CalloutsTest<test::Tested4>::SetUp();
        for (const auto& subnet : subnets_) {
            kea::setGuard(*subnet, "USER_CHK_REGISTERED");
        }
        reloadWith("");
        configure();
        isc::dhcp::CfgMgr::instance().commit();
    }
};

class EarlyDecisionTest : public GuardedSubnetsTest {
protected:
    void SetUp() override {
        if (!kea::SELECTS_BEFORE_RECEIVE) {
            GTEST_SKIP() << "this Kea selects no subnet before the query is parsed";
        }
        GuardedSubnetsTest::SetUp();
    }

    // Returns a query that was broadcast on the server's own link.
    static isc::dhcp::Pkt4Ptr broadcast(const isc::dhcp::Pkt4Ptr& query) {
        query->setLocalAddr(isc::asiolink::IOAddress::IPV4_BCAST_ADDRESS());
        query->setIface("lo");
        return test::asReceived(query);
    }

    // How many queries of unregistered clients the library has counted.
    static int64_t counted() {
        const std::string command = "user-chk-status";
        const auto handle = isc::hooks::HooksManager::createCalloutHandle();
        handle->setArgument("command", isc::config::createCommand(command));
        isc::hooks::HooksManager::callCommandHandlers(command, *handle);
        isc::data::ConstElementPtr answer;
        handle->getArgument("response", answer);
        return answer->find("arguments/counters/unregistered-queries")->intValue();
    }

    HandlePtr receiveBuffer(const isc::dhcp::Pkt4Ptr& query) {
        const HandlePtr handle = start(query);
        call(BUFFER_HOOK, *handle);
        return handle;
    }

    size_t seen() { return log_.count("USER_CHK_STRANGER_SEEN"); }
};

TEST_F(GuardedSubnetsTest, haveClientsJudgedEarlyWhereTheServerSelectsASubnetBeforeItParsesAQuery) {
    EXPECT_EQ(kea::SELECTS_BEFORE_RECEIVE, calls(BUFFER_HOOK));
}

TEST_F(EarlyDecisionTest, isMadeOnlyWhereSubnetsAreGuarded) {
    for (const auto& subnet : subnets_) {
        kea::setGuard(*subnet, "");
    }
    reloadWith("");
    EXPECT_FALSE(calls(BUFFER_HOOK));
}

TEST_F(EarlyDecisionTest, listsAClientThatTheServerDropsNext) {
    const auto handle = receiveBuffer(broadcast(test::Tested4::queryOfStranger()));
    EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus());
    EXPECT_EQ(1, seen()) << log_.text();
    receiveBuffer(broadcast(test::Tested4::queryOfKnown()));
    EXPECT_EQ(1, seen()) << log_.text();
}

TEST_F(EarlyDecisionTest, countsAQueryOnceAndListsBothClientsThatAnotherLibraryGivesIt) {
    const int64_t before = counted();
    const auto query = broadcast(test::Tested4::queryOfStranger());
    const auto handle = receiveBuffer(query);
    EXPECT_EQ(before + 1, counted());
    query->unpack();
    query->setHWAddr(
        boost::make_shared<isc::dhcp::HWAddr>(std::vector<uint8_t>{0xee, 0xee}, isc::dhcp::HTYPE_ETHER));
    call(test::Tested4::RECEIVE_HOOK, *handle);
    EXPECT_EQ(before + 1, counted());
    EXPECT_EQ(2, seen()) << log_.text();
}

// The server itself receives no such query.
TEST_F(EarlyDecisionTest, leavesAQueryThatAnotherLibraryHasCutShortToTheServer) {
    enroll("ffff", R"("access": "deny")");
    const auto whole = broadcast(test::Tested4::queryOfStranger());
    for (const size_t length : {0u, 12u, 28u, 235u}) {
        const auto query = broadcast(test::Tested4::queryOfStranger());
        query->data_.resize(length);
        EXPECT_EQ(CalloutHandle::NEXT_STEP_CONTINUE, receiveBuffer(query)->getStatus()) << length;
    }
    EXPECT_EQ(0, log_.count("ERROR")) << log_.text();
    EXPECT_EQ(0, seen()) << log_.text();
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, receiveBuffer(whole)->getStatus()) << "it is denied";
}

} // namespace
} // namespace user_chk
