// SPDX-License-Identifier: MPL-2.0
// Tests the two forms of the outcome record.

#include <audit/record_forms.h>

#include <cc/data.h>

#include <gtest/gtest.h>

using isc::asiolink::IOAddress;
using isc::data::Element;

namespace user_chk::record_forms_test {
namespace {

const UserId HARDWARE(UserId::HW_ADDRESS, "0c0e0a01ff04");
const UserId DUID(UserId::DUID, "0001000119efe63b000c01020304");

// 2026-11-22T03:32:34.007Z
constexpr std::chrono::milliseconds MOMENT(1795318354007);

Circumstances circumstances(const char* server, const char* message) {
    return {std::chrono::system_clock::time_point(MOMENT), server, message, 0x1a2b3c, "eth0", "", ""};
}

std::string textRecords(const Grant& grant) {
    TextWriter text;
    writeTextRecords(grant, text);
    return std::string(text.text());
}

std::string jsonRecords(const Grant& grant, const Circumstances& circumstances) {
    TextWriter text;
    writeJsonRecords(grant, circumstances, text);
    return std::string(text.text());
}

TEST(TextRecordsTest, areStocksByteForByte) {
    const GrantedLeases address = {{IOAddress("175.16.1.100"), 0, 3600, 1}};
    EXPECT_EQ("id_type=HW_ADDR\n"
              "client=hwtype=1 0c:0e:0a:01:ff:04\n"
              "addr=175.16.1.100\n"
              "registered=yes\n"
              "\n",
              textRecords({HARDWARE, 1, true, address}));
    const GrantedLeases both = {{IOAddress("2001:db8::1"), 0, 3600, 1},
                                {IOAddress("2001:db8:2::1:0:0"), 96, 3600, 1}};
    EXPECT_EQ("id_type=DUID\n"
              "client=00:01:00:01:19:ef:e6:3b:00:0c:01:02:03:04\n"
              "addr=2001:db8::1\n"
              "registered=no\n"
              "\n"
              "id_type=DUID\n"
              "client=00:01:00:01:19:ef:e6:3b:00:0c:01:02:03:04\n"
              "addr=2001:db8:2::1:0:0/96\n"
              "registered=no\n"
              "\n",
              textRecords({DUID, std::nullopt, false, both}));
}

TEST(TextRecordsTest, haveAddressesAsKeaHasThem) {
    for (const char* address : {"0.0.0.0", "255.255.255.255", "10.0.0.1", "192.0.20.0"}) {
        const GrantedLeases leases = {{IOAddress(address)}};
        EXPECT_EQ("id_type=HW_ADDR\nclient=hwtype=32 0c:0e:0a:01:ff:04\naddr=" + IOAddress(address).toText() +
                      "\nregistered=no\n\n",
                  textRecords({HARDWARE, 32, false, leases}));
    }
}

TEST(TextRecordsTest, haveRoomForTheLongestOfEachType) {
    const std::vector<uint8_t> longest(255, 0xff); // of an option of DHCPv4; DUIDs have at most 130 bytes
    const std::string address = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    const GrantedLeases leases = {{IOAddress(address), 128}, {IOAddress(address), 128}};
    for (size_t number = 0; number < UserId::TYPES; ++number) {
        const UserId id(static_cast<UserId::UserIdType>(number), longest);
        const std::string record = "id_type=" + UserId::lookupTypeStr(id.getType()) +
                                   "\nclient=hwtype=65535 " + id.toText(':') + "\naddr=" + address +
                                   "/128\nregistered=yes\n\n";
        EXPECT_EQ(record + record, textRecords({id, UINT16_MAX, true, leases}));
    }
}

TEST(JsonRecordsTest, ofAnAddressIsTheseBytes) {
    const GrantedLeases leases = {{IOAddress("175.16.1.100"), 0, 3600, 7}};
    EXPECT_EQ(
        R"({ "time": "2026-11-22T03:32:34.007Z", "server": "kea-dhcp4", "message": "ack", )"
        R"("transaction-id": "0x1a2b3c", "id-type": "HW_ADDR", "id": "0c:0e:0a:01:ff:04", "hw-type": 1, )"
        R"("address": "175.16.1.100", "valid-lifetime": 3600, "subnet-id": 7, "registered": true, )"
        R"("interface": "eth0" })"
        "\n",
        jsonRecords({HARDWARE, 1, true, leases}, circumstances("kea-dhcp4", "ack")));
}

TEST(JsonRecordsTest, nameTheIdentifierThatHasDecided) {
    const GrantedLeases leases = {{IOAddress("175.16.1.100"), 0, 3600, 7}};
    const UserId port(UserId::CIRCUIT_ID, "67652d30");
    const std::string line =
        jsonRecords({HARDWARE, 1, true, leases, &port}, circumstances("kea-dhcp4", "ack"));
    EXPECT_NE(std::string::npos,
              line.find(R"("registered": true, "matched-type": "CIRCUIT_ID", "matched-id": "67:65:2d:30", )"
                        R"("interface": "eth0" })"))
        << line;
}

TEST(JsonRecordsTest, areALineForEachLease) {
    const GrantedLeases leases = {{IOAddress("2001:db8::1"), 0, 300, 1},
                                  {IOAddress("2001:db8:2::"), 48, 600, 4294967295}};
    Circumstances relayed = circumstances("kea-dhcp6", "reply");
    relayed.relay = "2001:db8:1::1";
    relayed.hostname = "camera.example.com.";
    const std::string first =
        R"({ "time": "2026-11-22T03:32:34.007Z", "server": "kea-dhcp6", "message": "reply", )"
        R"("transaction-id": "0x1a2b3c", "id-type": "DUID", )"
        R"("id": "00:01:00:01:19:ef:e6:3b:00:0c:01:02:03:04", )";
    const std::string last = R"("registered": false, "interface": "eth0", "relay": "2001:db8:1::1", )"
                             R"("hostname": "camera.example.com." })"
                             "\n";
    EXPECT_EQ(first + R"("address": "2001:db8::1", "valid-lifetime": 300, "subnet-id": 1, )" + last + first +
                  R"("prefix": "2001:db8:2::/48", "valid-lifetime": 600, "subnet-id": 4294967295, )" + last,
              jsonRecords({DUID, std::nullopt, false, leases}, relayed));
}

std::string hostnameAsWritten(const std::string& hostname) {
    const GrantedLeases leases = {{IOAddress("175.16.1.100")}};
    Circumstances named = circumstances("kea-dhcp4", "offer");
    named.hostname = hostname;
    const std::string line = jsonRecords({HARDWARE, 1, true, leases}, named);
    const std::string key = R"("hostname": ")";
    const size_t start = line.find(key) + key.size();
    return line.substr(start, line.rfind(R"(" })") - start);
}

TEST(JsonRecordsTest, haveUtf8AsItIs) {
    for (const char* name : {"café", "каса", "手机", "\U0001f4f1", "a\u0080b", "\uffff"}) {
        EXPECT_EQ(name, hostnameAsWritten(name));
    }
}

TEST(JsonRecordsTest, escapeWhatIsNoUtf8AsCharactersOfLatin1) {
    EXPECT_EQ("caf\\u00e9", hostnameAsWritten("caf\xe9"));
    EXPECT_EQ("é\\u00c3", hostnameAsWritten("\xc3\xa9\xc3")) << "cut short";
    EXPECT_EQ("\\u00c0\\u00af", hostnameAsWritten("\xc0\xaf")) << "longer than need be";
    EXPECT_EQ("\\u00ed\\u00a0\\u0080", hostnameAsWritten("\xed\xa0\x80")) << "half of a surrogate pair";
    EXPECT_EQ("\\u00f4\\u0090\\u0080\\u0080", hostnameAsWritten("\xf4\x90\x80\x80")) << "beyond Unicode";
    EXPECT_EQ("\\u00ff\\u00fe\\u0080", hostnameAsWritten("\xff\xfe\x80"));
}

TEST(JsonRecordsTest, haveRoomForAnyHostname) {
    std::string escaped;
    for (size_t length = 1; length <= 3000; ++length) {
        escaped += "\\u0007";
        if (length % 100 == 0) {
            EXPECT_EQ(escaped, hostnameAsWritten(std::string(length, '\a')));
        }
    }
}

TEST(JsonRecordsTest, escapeQuotesBackslashesAndControlCharacters) {
    EXPECT_EQ(R"(\"lap\\top\"\u0009\u000a\u0001\u001f\u007f)",
              hostnameAsWritten("\"lap\\top\"\t\n\x01\x1f\x7f"));
    EXPECT_EQ(R"(é\"\u0000\\)", hostnameAsWritten(std::string("é\"\0\\", 5)));
}

// A client's host name may contain anything.
TEST(JsonRecordsTest, stayOneLineWhateverTheHostname) {
    const GrantedLeases leases = {{IOAddress("175.16.1.100")}};
    Circumstances exotic = circumstances("kea-dhcp4", "offer");
    for (int byte = 0; byte < 256; ++byte) {
        exotic.hostname = std::string("a") + static_cast<char>(byte) + "\"}\n{";
        const std::string line = jsonRecords({HARDWARE, 1, true, leases}, exotic);
        EXPECT_EQ(line.size() - 1, line.find('\n'));
        for (const char c : line.substr(0, line.size() - 1)) {
            ASSERT_TRUE(c >= ' ' && c <= '~') << byte;
        }
        EXPECT_EQ(13, Element::fromJSON(line)->size()) << line;
        if (byte < 128) {
            EXPECT_EQ(exotic.hostname, Element::fromJSON(line)->get("hostname")->stringValue());
        }
    }
}

// --- events that are not grants

TEST(JsonRecordTest, ofAnEndThatTheServerFoundHasNoQuery) {
    const GrantedLease lease = {IOAddress("175.16.1.100"), 0, 3600, 7};
    Circumstances by_itself = circumstances("kea-dhcp4", "expire");
    by_itself.transaction_id = std::nullopt;
    by_itself.interface = "";
    by_itself.hostname = "laptop";
    EXPECT_EQ(R"({ "time": "2026-11-22T03:32:34.007Z", "server": "kea-dhcp4", "message": "expire", )"
              R"("id-type": "HW_ADDR", "id": "0c:0e:0a:01:ff:04", "hw-type": 1, )"
              R"("address": "175.16.1.100", "valid-lifetime": 3600, "subnet-id": 7, "hostname": "laptop" })"
              "\n",
              jsonRecord({HARDWARE, 1, lease, std::nullopt}, by_itself));
}

TEST(JsonRecordTest, ofARefusalHasItsReasonAndALeaseOnlyWhereThereWasOne) {
    Circumstances refused = circumstances("kea-dhcp6", "refuse");
    refused.hostname = "phone";
    refused.reason = "its access is denied";
    const std::string first = R"({ "time": "2026-11-22T03:32:34.007Z", "server": "kea-dhcp6", )"
                              R"("message": "refuse", "transaction-id": "0x1a2b3c", "id-type": "DUID", )"
                              R"("id": "00:01:00:01:19:ef:e6:3b:00:0c:01:02:03:04", )";
    const std::string last = R"("registered": false, "interface": "eth0", "hostname": "phone", )"
                             R"("reason": "its access is denied" })"
                             "\n";
    EXPECT_EQ(first + last, jsonRecord({DUID, std::nullopt, std::nullopt, false}, refused));
    EXPECT_EQ(first + R"("prefix": "2001:db8:2::/48", "valid-lifetime": 600, "subnet-id": 9, )" + last,
              jsonRecord({DUID, std::nullopt, GrantedLease{IOAddress("2001:db8:2::"), 48, 600, 9}, false},
                         refused));
}

} // namespace
} // namespace user_chk::record_forms_test
