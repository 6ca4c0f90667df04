// SPDX-License-Identifier: MPL-2.0
// Tests each callout through a real CalloutHandle, for both protocols.

#include <load/callouts_fixture.h>

#include <dhcp/option_custom.h>
#include <dhcp/option_definition.h>

#include <atomic>
#include <filesystem>
#include <sstream>
#include <thread>
#include <vector>

using isc::hooks::HooksManager;

namespace user_chk {
namespace {

using test::BothProtocols;
using test::CalloutsTest;
using test::readFile;
using test::writeFile;

TYPED_TEST_SUITE(CalloutsTest, BothProtocols);

TYPED_TEST(CalloutsTest, registeredClientKeepsItsSubnet) {
    const auto handle = this->receive(TypeParam::queryOfKnown());
    EXPECT_EQ(1, this->select(handle));
    EXPECT_EQ(test::LibraryFixture::CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus());
}

TYPED_TEST(CalloutsTest, unregisteredClientGetsTheSubnetOfTheHighestId) {
    const auto handle = this->receive(TypeParam::queryOfStranger());
    EXPECT_EQ(30, this->select(handle));
    EXPECT_EQ(test::LibraryFixture::CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus());
}

TYPED_TEST(CalloutsTest, unregisteredClientGetsItWhereTheServerSelectedNone) {
    this->selected_.reset();
    EXPECT_EQ(30, this->select(this->receive(TypeParam::queryOfStranger())));
}

TYPED_TEST(CalloutsTest, emptyCollectionIsLeftAlone) {
    this->subnets_.clear();
    EXPECT_EQ(1, this->select(this->receive(TypeParam::queryOfStranger())));
}

TYPED_TEST(CalloutsTest, row_09_zeroIdIsAnUnregisteredClient) {
    test::appendFile(this->registry_, R"({"type":"HW_ADDR","id":"00000000"})"
                                      "\n"
                                      R"({"type":"DUID","id":"00000000"})"
                                      "\n");
    EXPECT_EQ(30, this->select(this->receive(TypeParam::query({0, 0, 0, 0}))));
}

TYPED_TEST(CalloutsTest, row_10_queryWithoutAnIdIsOfAnUnregisteredClientAndNotRecorded) {
    const auto handle = this->receive(TypeParam::queryWithoutId());
    EXPECT_EQ(30, this->select(handle));
    this->send(handle, TypeParam::response());
    EXPECT_EQ("", readFile(this->outcome_));
    EXPECT_EQ(0, this->log_.count("ERROR")) << this->log_.text();
}

TYPED_TEST(CalloutsTest, verdictIsThatOfTheRegistryWhenTheQueryWasReceived) {
    const auto handle = this->receive(TypeParam::queryOfStranger());
    writeFile(this->registry_, TypeParam::STRANGER_RECORD);
    EXPECT_EQ(30, this->select(handle));
    this->send(handle, TypeParam::response());
    EXPECT_EQ(TypeParam::RECORD_OF_STRANGER, readFile(this->outcome_));
    EXPECT_EQ(1, this->select(this->receive(TypeParam::queryOfStranger())));
}

TYPED_TEST(CalloutsTest, subnetIsSelectedEvenIfTheQueryWasNotSeenBefore) {
    EXPECT_EQ(30, this->select(this->start(TypeParam::queryOfStranger())));
    EXPECT_EQ(0, this->log_.count("ERROR")) << this->log_.text();
    EXPECT_EQ(1, this->select(this->start(TypeParam::queryOfKnown())));
}

TYPED_TEST(CalloutsTest, aDecisionOfAnotherLibraryStands) {
    typedef test::LibraryFixture::CalloutHandle Handle;
    for (const auto status : {Handle::NEXT_STEP_DROP, Handle::NEXT_STEP_SKIP}) {
        const auto handle = this->start(TypeParam::queryOfStranger());
        this->callAfter(status, TypeParam::RECEIVE_HOOK, *handle);
        EXPECT_EQ(status, handle->getStatus());
        EXPECT_EQ(0, this->log_.count("USER_CHK_QUERY_UNREGISTERED")) << this->log_.text();
        this->setSubnets(handle);
        this->callAfter(status, TypeParam::SELECT_HOOK, *handle);
        EXPECT_EQ(status, handle->getStatus());
        EXPECT_EQ(1, this->subnetOf(handle));
    }
}

TYPED_TEST(CalloutsTest, responseIsRecordedAndDressed) {
    const auto response = this->send(this->receive(TypeParam::queryOfKnown()), TypeParam::response());
    EXPECT_EQ(TypeParam::RECORD_OF_KNOWN, readFile(this->outcome_));
    EXPECT_EQ(TypeParam::BOOTFILE_OF_KNOWN, TypeParam::bootfileOf(response));

    this->send(this->receive(TypeParam::queryOfStranger()), TypeParam::response());
    EXPECT_EQ(std::string(TypeParam::RECORD_OF_KNOWN) + TypeParam::RECORD_OF_STRANGER,
              readFile(this->outcome_));
}

// A response that accepts no more options.
template <typename Pkt>
class FullPkt : public Pkt {
public:
    explicit FullPkt(const Pkt& packet) : Pkt(packet.getType(), packet.getTransid()) {
        this->options_ = packet.options_;
    }
    void addOption(const isc::dhcp::OptionPtr&) override { isc_throw(isc::BadValue, "no room"); }
};

TYPED_TEST(CalloutsTest, whatFailsToBeDressedIsNotRecorded) {
    this->enrollMember(R"("option.224": "0x01")");
    const auto handle = this->receive(this->queryOfMember());
    const auto response = TypeParam::response();
    this->send(handle, boost::make_shared<FullPkt<typename TypeParam::Pkt>>(*response));
    EXPECT_EQ(test::LibraryFixture::CalloutHandle::NEXT_STEP_DROP, handle->getStatus());
    EXPECT_EQ(1, this->log_.count("no room")) << this->log_.text();
    EXPECT_EQ("", readFile(this->outcome_));
}

TYPED_TEST(CalloutsTest, unregisteredClientGetsTheDefaultUsersOptions) {
    test::appendFile(this->registry_, R"({"type":"HW_ADDR","id":"00000000","bootfile":"/default"})"
                                      "\n"
                                      R"({"type":"DUID","id":"00000000","bootfile":"/default"})"
                                      "\n");
    const auto response = this->send(this->receive(TypeParam::queryOfStranger()), TypeParam::response());
    EXPECT_EQ("/default", TypeParam::bootfileOf(response));
}

TYPED_TEST(CalloutsTest, responseThatGrantsNothingIsLeftAlone) {
    const auto response = this->send(this->receive(TypeParam::queryOfKnown()), TypeParam::refusal());
    EXPECT_EQ("", readFile(this->outcome_));
    EXPECT_TRUE(response->options_.empty() || response->options_.size() == 1) << response->toText();
    EXPECT_EQ("", TypeParam::bootfileOf(response));
    EXPECT_EQ(0, this->log_.count("ERROR")) << this->log_.text();
}

TYPED_TEST(CalloutsTest, responseThatIsDroppedIsNotRecorded) {
    typedef test::LibraryFixture::CalloutHandle Handle;
    const auto handle = this->sendAfter(Handle::NEXT_STEP_DROP);
    EXPECT_EQ(Handle::NEXT_STEP_DROP, handle->getStatus());
    EXPECT_EQ("", readFile(this->outcome_));
}

TYPED_TEST(CalloutsTest, responseThatIsPackedAlreadyIsAnError) {
    typedef test::LibraryFixture::CalloutHandle Handle;
    const auto handle = this->sendAfter(Handle::NEXT_STEP_SKIP);
    EXPECT_EQ(Handle::NEXT_STEP_DROP, handle->getStatus());
    EXPECT_EQ(1, this->log_.count("packet pack already handled")) << this->log_.text();
    EXPECT_EQ("", readFile(this->outcome_));
}

TYPED_TEST(CalloutsTest, whatClientsCanCauseDoesNotFillTheLog) {
    this->enrollMember(R"("access": "deny")");
    // Sixty in a minute, and another minute may begin meanwhile.
    for (int i = 0; i < 200; ++i) {
        this->receive(this->queryOfMember());
        this->call(TypeParam::RECEIVE_HOOK, *HooksManager::createCalloutHandle());
    }
    EXPECT_LE(60, this->log_.count("INFO  [load_tests.user_chk"));
    EXPECT_GE(122, this->log_.count("INFO  [load_tests.user_chk"));
    EXPECT_LE(60, this->log_.count("ERROR [load_tests.user_chk"));
    EXPECT_GE(120, this->log_.count("ERROR [load_tests.user_chk"));
    EXPECT_EQ(200, this->log_.count("USER_CHK_QUERY_DENIED "));
    EXPECT_EQ(200, this->log_.count("_RECEIVE_ERROR "));
}

TYPED_TEST(CalloutsTest, missingArgumentDropsTheQuery) {
    typedef test::LibraryFixture::CalloutHandle Handle;
    const auto handle = HooksManager::createCalloutHandle();
    this->call(TypeParam::RECEIVE_HOOK, *handle);
    EXPECT_EQ(Handle::NEXT_STEP_DROP, handle->getStatus());
    EXPECT_EQ(1, this->log_.count("_RECEIVE_ERROR")) << this->log_.text();

    this->call(TypeParam::SELECT_HOOK, *handle);
    EXPECT_EQ(Handle::NEXT_STEP_DROP, handle->getStatus());
    EXPECT_EQ(1, this->log_.count("_SELECT_ERROR")) << this->log_.text();

    this->call(TypeParam::SEND_HOOK, *handle);
    EXPECT_EQ(Handle::NEXT_STEP_DROP, handle->getStatus());
    EXPECT_EQ(1, this->log_.count("_SEND_ERROR")) << this->log_.text();
}

class Callouts4Test : public CalloutsTest<test::Tested4> {};

// Kea fails to tell where this query comes from, which the scope of the client's record makes necessary.
TEST_F(Callouts4Test, noOtherCalloutActsOnADecisionThatCouldNotBeMade) {
    enrollMember(R"("subnets": "1")");
    const auto query = queryOfMember();
    const isc::dhcp::OptionDefinition text("subnet-selection", isc::dhcp::DHO_SUBNET_SELECTION, "dhcp4",
                                           "string");
    query->addOption(boost::make_shared<isc::dhcp::OptionCustom>(text, isc::dhcp::Option::V4,
                                                                 isc::dhcp::OptionBuffer{1, 2, 3}));
    const auto handle = receive(query);
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, handle->getStatus());
    EXPECT_EQ(1, log_.count("_RECEIVE_ERROR")) << log_.text();

    handle->setStatus(CalloutHandle::NEXT_STEP_CONTINUE); // another library lets it go on
    EXPECT_EQ(1, select(handle));
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, handle->getStatus());
    EXPECT_EQ(1, log_.count("_SELECT_ERROR")) << log_.text();
}

TYPED_TEST(CalloutsTest, row_01_lastGoodRegistryStaysInForceWithOneWarning) {
    writeFile(this->registry_, "broken\n");
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(1, this->select(this->receive(TypeParam::queryOfKnown())));
        EXPECT_EQ(30, this->select(this->receive(TypeParam::queryOfStranger())));
    }
    EXPECT_EQ(1, this->log_.count("WARN")) << this->log_.text();
    EXPECT_EQ(1, this->log_.count("USER_CHK_REGISTRY_LOAD_FAILED", this->registry_ + ":1: "))
        << this->log_.text();
    EXPECT_EQ(1, this->log_.count("USER_CHK_REGISTRY_LOAD_FAILED", " 2 users")) << this->log_.text();

    writeFile(this->registry_, TypeParam::STRANGER_RECORD);
    EXPECT_EQ(1, this->select(this->receive(TypeParam::queryOfStranger())));
    EXPECT_EQ(1, this->log_.count("USER_CHK_REGISTRY_LOADED", "1 users from " + this->registry_));
}

TYPED_TEST(CalloutsTest, lostRecordsAreToldOnceAndResponsesAreSent) {
    this->blockOutcome();
    for (int i = 0; i < 3; ++i) {
        const auto handle = this->receive(TypeParam::queryOfKnown());
        const auto response = this->send(handle, TypeParam::response());
        EXPECT_EQ(test::LibraryFixture::CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus());
        EXPECT_EQ(TypeParam::BOOTFILE_OF_KNOWN, TypeParam::bootfileOf(response));
    }
    EXPECT_EQ(1, this->log_.count("USER_CHK_OUTCOME_WRITE_FAILED", this->outcome_ + ": Is a directory"))
        << this->log_.text();

    this->unblockOutcome();
    this->send(this->receive(TypeParam::queryOfKnown()), TypeParam::response());
    EXPECT_EQ(1, this->log_.count("USER_CHK_OUTCOME_WRITE_RESUMED")) << this->log_.text();
    EXPECT_EQ(TypeParam::RECORD_OF_KNOWN, readFile(this->outcome_));
}

TYPED_TEST(CalloutsTest, withFailureAtDropNoResponseIsSentWithoutItsRecord) {
    typedef test::LibraryFixture::CalloutHandle Handle;
    this->reloadWith(R"("outcome-failure": "drop")");
    EXPECT_EQ(Handle::NEXT_STEP_CONTINUE, this->exchange(TypeParam::queryOfKnown(), TypeParam::response()));
    this->blockOutcome();
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(Handle::NEXT_STEP_DROP, this->exchange(TypeParam::queryOfKnown(), TypeParam::response()));
    }
    // A response that grants nothing needs no record.
    EXPECT_EQ(Handle::NEXT_STEP_CONTINUE, this->exchange(TypeParam::queryOfKnown(), TypeParam::refusal()));
    EXPECT_EQ(1, this->log_.count("ERROR")) << this->log_.text();
    EXPECT_EQ(3, this->log_.count("USER_CHK_UNRECORDED_DROPPED")) << this->log_.text();

    this->unblockOutcome();
    EXPECT_EQ(Handle::NEXT_STEP_CONTINUE, this->exchange(TypeParam::queryOfKnown(), TypeParam::response()));
    EXPECT_EQ(TypeParam::RECORD_OF_KNOWN, readFile(this->outcome_));
    EXPECT_EQ(1, this->log_.count("USER_CHK_OUTCOME_WRITE_RESUMED")) << this->log_.text();
}

TYPED_TEST(CalloutsTest, withFailureAtDropAClientWithoutAnIdGetsNothing) {
    typedef test::LibraryFixture::CalloutHandle Handle;
    this->reloadWith(R"("outcome-failure": "drop")");
    EXPECT_EQ(Handle::NEXT_STEP_DROP, this->exchange(TypeParam::queryWithoutId(), TypeParam::response()));
    EXPECT_EQ(1, this->log_.count("USER_CHK_UNRECORDED_DROPPED")) << this->log_.text();
    EXPECT_EQ(0, this->log_.count("ERROR")) << this->log_.text();
}

TYPED_TEST(CalloutsTest, withEventsAtLeasesOffersAreNotRecorded) {
    this->reloadWith(R"("outcome-events": "leases", "outcome-failure": "drop")");
    typedef test::LibraryFixture::CalloutHandle Handle;
    EXPECT_EQ(Handle::NEXT_STEP_CONTINUE, this->exchange(TypeParam::queryOfKnown(), TypeParam::offer()));
    EXPECT_EQ("", readFile(this->outcome_));
    EXPECT_EQ(Handle::NEXT_STEP_CONTINUE, this->exchange(TypeParam::queryOfKnown(), TypeParam::response()));
    EXPECT_EQ(TypeParam::RECORD_OF_KNOWN, readFile(this->outcome_));
}

TYPED_TEST(CalloutsTest, withEventsAtNoneNoFileIsOpened) {
    this->unblockOutcome();
    this->reloadWith(R"("outcome-events": "none", "outcome-failure": "drop")");
    typedef test::LibraryFixture::CalloutHandle Handle;
    const auto response = TypeParam::response();
    EXPECT_EQ(Handle::NEXT_STEP_CONTINUE, this->exchange(TypeParam::queryOfKnown(), response));
    EXPECT_EQ(TypeParam::BOOTFILE_OF_KNOWN, TypeParam::bootfileOf(response));
    EXPECT_FALSE(std::filesystem::exists(this->outcome_));
}

TYPED_TEST(CalloutsTest, withFormatAtJsonEachLeaseIsALineWithTheSelectedSubnet) {
    this->reloadWith(R"("outcome-format": "json")");
    this->exchange(TypeParam::queryOfKnown(), TypeParam::response());
    this->exchange(TypeParam::queryOfStranger(), TypeParam::response());
    std::istringstream text(readFile(this->outcome_));
    for (const auto& [registered, subnet] : {std::pair{true, 1}, std::pair{false, 30}}) {
        for (const std::string& lease : TypeParam::leases()) {
            std::string line;
            ASSERT_TRUE(std::getline(text, line));
            const auto record = isc::data::Element::fromJSON(line);
            EXPECT_EQ(TypeParam::SERVER, record->get("server")->stringValue());
            EXPECT_EQ(registered, record->get("registered")->boolValue());
            EXPECT_EQ(subnet, record->get("subnet-id")->intValue()) << line;
            EXPECT_NE(std::string::npos, line.find(lease)) << line;
        }
    }
    std::string more;
    EXPECT_FALSE(std::getline(text, more)) << more;
}

TYPED_TEST(CalloutsTest, row_04_packetsAreLoggedForDebuggingOnly) {
    const auto handle = this->receive(TypeParam::queryOfStranger());
    this->select(handle);
    this->send(handle, TypeParam::response());
    this->receive(TypeParam::queryOfKnown());
    EXPECT_EQ(1, this->log_.count("USER_CHK_QUERY_UNREGISTERED"));
    EXPECT_EQ(1, this->log_.count("USER_CHK_QUERY_REGISTERED"));
    EXPECT_EQ(1, this->log_.count("USER_CHK_SUBNET_RESTRICTED"));
    EXPECT_EQ(1, this->log_.count("USER_CHK_STRANGER_SEEN")); // once for each client, and limited
    EXPECT_EQ(this->log_.count("user_chk") - 1, this->log_.count("DEBUG [load_tests.user_chk"))
        << this->log_.text();
}

TYPED_TEST(CalloutsTest, manyThreadsPlaceEveryClientRightWhileTheRegistryChanges) {
    const std::string registry = readFile(this->registry_);
    std::atomic<int> misplaced{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 200; ++n) {
                const auto known = this->receive(TypeParam::queryOfKnown());
                misplaced += this->select(known) == 1 ? 0 : 1;
                misplaced += this->select(this->receive(TypeParam::queryOfStranger())) == 30 ? 0 : 1;
                this->send(known, TypeParam::response());
            }
        });
    }
    for (int n = 0; n < 100; ++n) {
        writeFile(this->dir_.file("new"), n % 2 == 0 ? registry + "# comment\n" : registry + "broken\n");
        std::filesystem::rename(this->dir_.file("new"), this->registry_);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(0, misplaced);
    std::string records;
    for (int n = 0; n < 800; ++n) {
        records += TypeParam::RECORD_OF_KNOWN;
    }
    EXPECT_EQ(records, readFile(this->outcome_));
}

} // namespace
} // namespace user_chk
