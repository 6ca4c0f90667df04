// SPDX-License-Identifier: MPL-2.0
// Tests the digest of a registry: equal for equal users, different for different ones.

#include <registry/registry_digest.h>
#include <registry/user_table.h>
#include <source/record_reader.h>

#include <gtest/gtest.h>

#include <iterator>
#include <set>

namespace user_chk::registry_digest_test {
namespace {

std::string digestOfLines(const std::string& lines) {
    UserTable table;
    const std::string padded = lines + std::string(RecordParser::PADDING, '\n');
    RecordReader reader;
    reader.begin(std::string_view(padded).substr(0, lines.size()));
    while (reader.next()) {
        const Record& record = reader.record();
        table.add(record.tag(), record.id, record.attributes);
    }
    return table.digest().text();
}

TEST(DigestTest, isTheSameHoweverTheUsersAreWritten) {
    const std::string digest = digestOfLines(R"({"type":"HW_ADDR","id":"0c:0e","a":"é","b":"2"}
{"type":"DUID","id":"0001"}
)");
    EXPECT_EQ(digest, digestOfLines("# comment\n\n"
                                    R"({"id":"00:01","type":"DUID"}
{"b":"2","type":"HW_ADDR","a":"\u00e9","id":"0C0E"})"));
}

// Servers of different builds compare it.
TEST(DigestTest, isThisOne) {
    EXPECT_EQ("00000000000000000000000000000000", digestOfLines(""));
    EXPECT_EQ("a75aac9a10d9d717dd51618f682c5b17", digestOfLines(R"({"type":"DUID","id":"0001","a":"b"})"));
}

TEST(DigestTest, isAnotherForEachDifference) {
    std::set<std::string> digests;
    const char* const registries[] = {
        "",
        R"({"type":"DUID","id":"0001"})",
        R"({"type":"HW_ADDR","id":"0001"})",
        R"({"type":"DUID","id":"0001*"})",
        R"({"type":"CLIENT_ID","id":"0001"})",
        R"({"type":"CLIENT_ID","id":"0001*"})",
        R"({"type":"HW_ADDR","id":"0001*"})",
        R"({"type":"HW_ADDR","id":"02"})",
        R"({"type":"HW_ADDR","id":"02*"})",
        R"({"type":"HW_ADDR","id":"random"})",
        R"({"type":"DUID","id":"000100"})",
        R"({"type":"DUID","id":"00"})",
        R"({"type":"DUID","id":"0000000000000000"})",
        R"({"type":"DUID","id":"000000000000000000"})",
        R"({"type":"DUID","id":"0001","a":""})",
        R"({"type":"DUID","id":"0001","a":"b"})",
        R"({"type":"DUID","id":"0001","ab":""})",
        R"({"type":"DUID","id":"0001","a":"bc"})",
        R"({"type":"DUID","id":"0001","ab":"c"})",
        R"({"type":"DUID","id":"0001","a":"","b":""})",
        R"({"type":"DUID","id":"0001","a":"b","b":"a"})",
        R"({"type":"DUID","id":"0001","a":"a","b":"b"})",
    };
    for (const char* registry : registries) {
        digests.insert(digestOfLines(registry));
    }
    // It matters which user has which attributes.
    digests.insert(
        digestOfLines("{\"type\":\"DUID\",\"id\":\"01\",\"a\":\"1\"}\n{\"type\":\"DUID\",\"id\":\"02\"}"));
    digests.insert(
        digestOfLines("{\"type\":\"DUID\",\"id\":\"01\"}\n{\"type\":\"DUID\",\"id\":\"02\",\"a\":\"1\"}"));
    EXPECT_EQ(std::size(registries) + 2, digests.size());
}

TEST(DigestTest, ofManyUsersAreAllDifferent) {
    std::set<std::string> digests;
    for (uint32_t number = 0; number < 100000; ++number) {
        const uint8_t id[6] = {0,
                               0,
                               0,
                               static_cast<uint8_t>(number >> 16),
                               static_cast<uint8_t>(number >> 8),
                               static_cast<uint8_t>(number)};
        const std::string text = digestOf(UserId::HW_ADDRESS, id, sizeof(id), digestOf(PropertyMap())).text();
        digests.insert(text.substr(0, 16));
        digests.insert(text.substr(16));
    }
    EXPECT_EQ(200000, digests.size());
}

TEST(DigestTest, isASum) {
    const Digest one = {1, UINT64_MAX};
    Digest sum = one;
    sum += {2, 3};
    EXPECT_EQ("00000000000000040000000000000002", sum.text());
    sum -= {2, 3};
    EXPECT_EQ(one.text(), sum.text());
}

} // namespace
} // namespace user_chk::registry_digest_test
