// SPDX-License-Identifier: MPL-2.0
// Tests that a user is written as a line from which both parsers read the same user.

#include <source/record_line.h>
#include <source/record_parser.h>
#include <user_file.h>

#include <gtest/gtest.h>

namespace user_chk::record_line_test {
namespace {

const UserId ID(UserId::HW_ADDRESS, "0c0e0a01ff04");

PropertyMap attributesOf(const Record& record) {
    return PropertyMap(record.attributes.begin(), record.attributes.end());
}

void expectReadBack(const UserId& id, const PropertyMap& attributes) {
    const std::string line = recordLine(id, attributes);
    const std::string padded = line + std::string(RecordParser::PADDING, '\n');
    const std::string_view view = std::string_view(padded).substr(0, line.size());
    RecordParser whole;
    RecordParser fast;
    RecordParser keas;
    int readings = 0;
    for (const Record* record : {&whole.parse(view), fast.parseFast(view), &keas.parseWithKea(view)}) {
        if (record == nullptr) {
            continue; // simdjson leaves it to Kea's parser
        }
        ++readings;
        EXPECT_EQ(id, record->userId()) << line;
        EXPECT_EQ(attributes, attributesOf(*record)) << line;
    }
    EXPECT_GE(readings, 2);
    const UserPtr user = UserFile::makeUser(line);
    EXPECT_EQ(id, user->getUserId());
    EXPECT_EQ(attributes, user->getProperties());
}

TEST(RecordLineTest, hasTheFormOfTheSamples) {
    EXPECT_EQ(R"({ "type" : "HW_ADDR", "id" : "0c:0e:0a:01:ff:04", "bootfile" : "/tmp/v4bootfile" })",
              recordLine(ID, {{"bootfile", "/tmp/v4bootfile"}}));
    EXPECT_EQ(R"({ "type" : "DUID", "id" : "00:01", "a" : "1", "b" : "" })",
              recordLine(UserId(UserId::DUID, "0001"), {{"b", ""}, {"a", "1"}}));
    EXPECT_EQ(R"({ "type" : "HW_ADDR", "id" : "0c:0e:0a:01:ff:04" })", recordLine(ID, {}));
}

TEST(RecordLineTest, escapesWhatIsNoJsonAndNothingElse) {
    EXPECT_EQ(R"({ "type" : "HW_ADDR", "id" : "0c:0e:0a:01:ff:04", "a" : "\"\\/\n\r\t\u0001\u001f)"
              "\x7f\xc3\xbc\" }",
              recordLine(ID, {{"a", "\"\\/\n\r\t\x01\x1f\x7f\xc3\xbc"}}));
    EXPECT_EQ("{ \"type\" : \"HW_ADDR\", \"id\" : \"0c:0e:0a:01:ff:04\", \"a\" : \"\xff\xc3\xbc\" }",
              recordLine(ID, {{"a", "\xff\xc3\xbc"}}));
}

TEST(RecordLineTest, isReadBackWithEveryByteInNamesAndValues) {
    for (int byte = 0; byte <= 0xff; ++byte) {
        const std::string text(1, static_cast<char>(byte));
        expectReadBack(ID, {{"name", text}});
        expectReadBack(ID, {{text, "value"}});
        expectReadBack(ID, {{"a" + text + "b", "c" + text + text + "d"}, {"e", ""}});
    }
}

TEST(RecordLineTest, isReadBackWithWhatAlmostIsAnEscapeOrTheEnd) {
    for (const char* text : {"\\", "\\\\", "\\\"", "\\n", "\\u0041", "\"}", "\" , \"type\" : \"DUID",
                             "# no comment", "// no comment", "{[{[{[{[{[{[{[", "\xef\xbb\xbf",
                             "\xed\xa0\x80", "\xc3", "\xf0\x9f\x92\xa9", " ", "Type", "ID"}) {
        expectReadBack(ID, {{text, text}});
    }
}

TEST(RecordLineTest, isReadBackForEveryTypeKindAndLengthOfId) {
    for (size_t number = 0; number < UserId::TYPES; ++number) {
        const auto type = static_cast<UserId::UserIdType>(number);
        for (const size_t length : {1, 20, 21, 130}) {
            for (const auto kind : {UserId::Kind::EXACT, UserId::Kind::PREFIX}) {
                expectReadBack(UserId(type, std::vector<uint8_t>(length, 0xa5), kind), {{"name", "value"}});
            }
        }
    }
    expectReadBack(UserId(UserId::HW_ADDRESS, "random"), {{"name", "value"}});
}

TEST(RecordLineTest, writesPrefixesAndRandomAsTheyAreUsuallyWritten) {
    EXPECT_EQ(R"({ "type" : "CIRCUIT_ID", "id" : "6f:6c:74:*" })",
              recordLine(UserId(UserId::CIRCUIT_ID, "'olt'*"), {}));
    EXPECT_EQ(R"({ "type" : "HW_ADDR", "id" : "random" })",
              recordLine(UserId(UserId::HW_ADDRESS, "random"), {}));
}

} // namespace
} // namespace user_chk::record_line_test
