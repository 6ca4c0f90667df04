// SPDX-License-Identifier: MPL-2.0
// Tests each callout through a real CalloutHandle, for both protocols.

#include <load/library_fixture.h>

#include <hooks/protocol.h>

#include <asiolink/io_address.h>
#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/docsis3_option_defs.h>
#include <dhcp/option6_ia.h>
#include <dhcp/option6_iaaddr.h>
#include <dhcp/option6_iaprefix.h>
#include <dhcp/option_vendor.h>

#include <boost/make_shared.hpp>

#include <filesystem>
#include <sstream>
#include <thread>
#include <vector>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;
using isc::hooks::HooksManager;

namespace user_chk {
namespace {

using test::readFile;
using test::writeFile;

// What differs between the protocols in a test: the packets, the subnets, and the expected texts.
struct Tested4 : Dhcp4 {
    static constexpr const char* SERVER = "kea-dhcp4";
    static constexpr const char* RECEIVE_HOOK = "pkt4_receive";
    static constexpr const char* SELECT_HOOK = "subnet4_select";
    static constexpr const char* SEND_HOOK = "pkt4_send";
    static constexpr const char* STRANGER_RECORD = R"({"type":"HW_ADDR","id":"ffff"})";

    static Pkt4Ptr query(const std::vector<uint8_t>& id) {
        const auto packet = boost::make_shared<Pkt4>(DHCPREQUEST, 1234);
        packet->setHWAddr(boost::make_shared<HWAddr>(id, HTYPE_ETHER));
        return packet;
    }
    static Pkt4Ptr queryOfKnown() { return query({0x0c, 0x0e, 0x0a, 0x01, 0xff, 0x04}); }
    static Pkt4Ptr queryOfStranger() { return query({0xff, 0xff}); }
    static Pkt4Ptr queryWithoutId() { return boost::make_shared<Pkt4>(DHCPREQUEST, 1234); }

    static Pkt4Ptr response() {
        const auto packet = boost::make_shared<Pkt4>(DHCPACK, 1234);
        packet->setYiaddr(IOAddress("192.0.2.7"));
        return packet;
    }
    static Pkt4Ptr offer() {
        const auto packet = boost::make_shared<Pkt4>(DHCPOFFER, 1234);
        packet->setYiaddr(IOAddress("192.0.2.7"));
        return packet;
    }
    static std::vector<std::string> leases() { return {R"("address": "192.0.2.7", "valid-lifetime": 0)"}; }
    static Pkt4Ptr refusal() { return boost::make_shared<Pkt4>(DHCPNAK, 1234); }
    static std::string bootfileOf(const Pkt4Ptr& packet) {
        return valueOf(packet->getOption(DHO_BOOT_FILE_NAME));
    }

    static std::string valueOf(const OptionPtr& option) {
        const std::vector<uint8_t> wire = option ? option->toBinary(false) : std::vector<uint8_t>();
        return std::string(wire.begin(), wire.end());
    }

    static Subnet4Ptr subnet(SubnetID id) {
        return boost::make_shared<Subnet4>(IOAddress(0xc0000000 + (id << 8)), 24, 1, 2, 3, id);
    }

    static constexpr const char* BOOTFILE_OF_KNOWN = "/v4";
    static constexpr const char* RECORD_OF_KNOWN = "id_type=HW_ADDR\nclient=hwtype=1 0c:0e:0a:01:ff:04\n"
                                                   "addr=192.0.2.7\nregistered=yes\n\n";
    static constexpr const char* RECORD_OF_STRANGER = "id_type=HW_ADDR\nclient=hwtype=1 ff:ff\n"
                                                      "addr=192.0.2.7\nregistered=no\n\n";
};

struct Tested6 : Dhcp6 {
    static constexpr const char* SERVER = "kea-dhcp6";
    static constexpr const char* RECEIVE_HOOK = "pkt6_receive";
    static constexpr const char* SELECT_HOOK = "subnet6_select";
    static constexpr const char* SEND_HOOK = "pkt6_send";
    static constexpr const char* STRANGER_RECORD = R"({"type":"DUID","id":"ffffff"})";

    static Pkt6Ptr query(const std::vector<uint8_t>& duid) {
        const Pkt6Ptr packet = queryWithoutId();
        packet->addOption(boost::make_shared<Option>(Option::V6, D6O_CLIENTID, duid));
        return packet;
    }
    static Pkt6Ptr queryOfKnown() { return query({0, 1, 2, 3, 4, 5}); }
    static Pkt6Ptr queryOfStranger() { return query({0xff, 0xff, 0xff}); }
    static Pkt6Ptr queryWithoutId() { return boost::make_shared<Pkt6>(DHCPV6_REQUEST, 1234); }

    static Pkt6Ptr response() { return grant(DHCPV6_REPLY); }
    static Pkt6Ptr offer() { return grant(DHCPV6_ADVERTISE); }
    static Pkt6Ptr grant(uint8_t type) {
        const auto packet = boost::make_shared<Pkt6>(type, 1234);
        const auto na = boost::make_shared<Option6IA>(D6O_IA_NA, 1);
        na->addOption(boost::make_shared<Option6IAAddr>(D6O_IAADDR, IOAddress("2001:db8::7"), 100, 200));
        packet->addOption(na);
        const auto pd = boost::make_shared<Option6IA>(D6O_IA_PD, 2);
        pd->addOption(
            boost::make_shared<Option6IAPrefix>(D6O_IAPREFIX, IOAddress("2001:db8:2::"), 48, 100, 200));
        packet->addOption(pd);
        packet->addOption(boost::make_shared<OptionVendor>(Option::V6, VENDOR_ID_CABLE_LABS));
        return packet;
    }
    static std::vector<std::string> leases() {
        return {R"("address": "2001:db8::7", "valid-lifetime": 200)",
                R"("prefix": "2001:db8:2::/48", "valid-lifetime": 200)"};
    }
    static Pkt6Ptr refusal() { return boost::make_shared<Pkt6>(DHCPV6_REPLY, 1234); }
    static std::string bootfileOf(const Pkt6Ptr& packet) {
        const OptionPtr vendor = packet->getOption(D6O_VENDOR_OPTS);
        return vendor ? Tested4::valueOf(vendor->getOption(DOCSIS3_V6_CONFIG_FILE)) : std::string();
    }

    static Subnet6Ptr subnet(SubnetID id) {
        return boost::make_shared<Subnet6>(IOAddress("2001:db8:" + std::to_string(id) + "::"), 64, 1, 2, 3, 4,
                                           id);
    }

    static constexpr const char* BOOTFILE_OF_KNOWN = "/v6";
    static constexpr const char* RECORD_OF_KNOWN =
        "id_type=DUID\nclient=00:01:02:03:04:05\naddr=2001:db8::7\nregistered=yes\n\n"
        "id_type=DUID\nclient=00:01:02:03:04:05\naddr=2001:db8:2::/48\nregistered=yes\n\n";
    static constexpr const char* RECORD_OF_STRANGER =
        "id_type=DUID\nclient=ff:ff:ff\naddr=2001:db8::7\nregistered=no\n\n"
        "id_type=DUID\nclient=ff:ff:ff\naddr=2001:db8:2::/48\nregistered=no\n\n";
};

template <typename Tested>
class CalloutsTest : public test::LibraryFixture {
protected:
    typedef typename Tested::PktPtr PktPtr;
    typedef typename Tested::SubnetPtr SubnetPtr;
    typedef isc::hooks::CalloutHandlePtr HandlePtr;

    void SetUp() override {
        isc::process::Daemon::setProcName(Tested::SERVER);
        for (const SubnetID id : {1, 2, 30}) {
            subnets_.insert(Tested::subnet(id));
        }
        selected_ = *subnets_.begin();
        ASSERT_TRUE(loadWith());
        log_.clear();
    }

    // One query's handle, as the server makes it.
    HandlePtr start(const PktPtr& query) {
        const HandlePtr handle = HooksManager::createCalloutHandle();
        handle->setArgument(Tested::QUERY, query);
        return handle;
    }

    HandlePtr receive(const PktPtr& query) {
        const HandlePtr handle = start(query);
        call(Tested::RECEIVE_HOOK, *handle);
        return handle;
    }

    // The id of the subnet after the selection.
    SubnetID select(const HandlePtr& handle) {
        setSubnets(handle);
        call(Tested::SELECT_HOOK, *handle);
        return subnetOf(handle);
    }

    void setSubnets(const HandlePtr& handle) {
        handle->setArgument(Tested::SUBNET, selected_);
        handle->setArgument(Tested::SUBNETS, static_cast<const typename Tested::Subnets*>(&subnets_));
    }

    SubnetID subnetOf(const HandlePtr& handle) {
        SubnetPtr subnet;
        handle->getArgument(Tested::SUBNET, subnet);
        return subnet ? subnet->getID() : 0;
    }

    PktPtr send(const HandlePtr& handle, const PktPtr& response) {
        handle->setArgument(Tested::RESPONSE, response);
        call(Tested::SEND_HOOK, *handle);
        return response;
    }

    // A whole exchange of this response; the status that it ends with.
    CalloutHandle::CalloutNextStep exchange(const PktPtr& query, const PktPtr& response) {
        const HandlePtr handle = receive(query);
        select(handle);
        send(handle, response);
        return handle->getStatus();
    }

    void reloadWith(const std::string& more) {
        ASSERT_TRUE(unload() && loadWith(more));
        log_.clear();
    }

    // Makes the outcome file unusable, and usable again.
    void blockOutcome() {
        std::filesystem::remove(outcome_);
        std::filesystem::create_directory(outcome_);
    }
    void unblockOutcome() { std::filesystem::remove(outcome_); }

    // A handle whose response reaches the library after another one has set this status.
    HandlePtr sendAfter(CalloutHandle::CalloutNextStep status) {
        const HandlePtr handle = receive(Tested::queryOfKnown());
        handle->setArgument(Tested::RESPONSE, Tested::response());
        callAfter(status, Tested::SEND_HOOK, *handle);
        return handle;
    }

    typename Tested::Subnets subnets_;
    SubnetPtr selected_;
};

typedef testing::Types<Tested4, Tested6> BothProtocols;
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
    this->sendAfter(Handle::NEXT_STEP_SKIP);
    EXPECT_EQ(1, this->log_.count("packet pack already handled")) << this->log_.text();
    EXPECT_EQ("", readFile(this->outcome_));
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

TYPED_TEST(CalloutsTest, row_01_lastGoodRegistryStaysInForceWithOneWarning) {
    writeFile(this->registry_, "broken\n");
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(1, this->select(this->receive(TypeParam::queryOfKnown())));
        EXPECT_EQ(30, this->select(this->receive(TypeParam::queryOfStranger())));
    }
    EXPECT_EQ(1, this->log_.count("WARN")) << this->log_.text();
    EXPECT_EQ(1,
              this->log_.count("USER_CHK_REGISTRY_LOAD_FAILED registry not loaded, the last good one with 2 "
                               "users stays in force: " +
                               this->registry_ + ":1: "))
        << this->log_.text();

    writeFile(this->registry_, TypeParam::STRANGER_RECORD);
    EXPECT_EQ(1, this->select(this->receive(TypeParam::queryOfStranger())));
    EXPECT_EQ(1, this->log_.count("USER_CHK_REGISTRY_LOADED 1 users from " + this->registry_));
}

TYPED_TEST(CalloutsTest, lostRecordsAreToldOnceAndResponsesAreSent) {
    this->blockOutcome();
    for (int i = 0; i < 3; ++i) {
        const auto handle = this->receive(TypeParam::queryOfKnown());
        const auto response = this->send(handle, TypeParam::response());
        EXPECT_EQ(test::LibraryFixture::CalloutHandle::NEXT_STEP_CONTINUE, handle->getStatus());
        EXPECT_EQ(TypeParam::BOOTFILE_OF_KNOWN, TypeParam::bootfileOf(response));
    }
    EXPECT_EQ(1, this->log_.count("USER_CHK_OUTCOME_WRITE_FAILED grants are not being recorded: " +
                                  this->outcome_ + ": Is a directory"))
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
        const auto response = TypeParam::response();
        EXPECT_EQ(Handle::NEXT_STEP_DROP, this->exchange(TypeParam::queryOfKnown(), response));
        EXPECT_EQ("", TypeParam::bootfileOf(response));
    }
    // What grants nothing needs no record.
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
    EXPECT_EQ(this->log_.count("user_chk"), this->log_.count("DEBUG [load_tests.user_chk"))
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
