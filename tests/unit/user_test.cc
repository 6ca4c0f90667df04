// SPDX-License-Identifier: MPL-2.0
// Tests UserId and User.

#include <support/temp_dir.h>
#include <user.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

#include <sstream>

namespace user_chk::user_test {
namespace {

const std::vector<uint8_t> BYTES = {0x0c, 0x0e, 0x0a, 0x01, 0xff, 0x06};

TEST(UserIdTest, keepsTypeAndBytes) {
    const UserId id(UserId::HW_ADDRESS, BYTES);
    EXPECT_EQ(UserId::HW_ADDRESS, id.getType());
    EXPECT_EQ(BYTES, id.getId());
}

TEST(UserIdTest, numbersOfTypesAreStocks) {
    EXPECT_EQ(0, UserId::HW_ADDRESS);
    EXPECT_EQ(1, UserId::DUID);
}

TEST(UserIdTest, acceptsDashesBetweenBytesAndDotsBetweenGroupsOfFour) {
    for (const char* text : {"0c-0e-0a-01-ff-06", "0C-0E-0A-01-FF-06", "0c0e.0a01.ff06", "0C0E.0A01.fF06"}) {
        EXPECT_EQ(BYTES, UserId(UserId::HW_ADDRESS, std::string(text)).getId()) << text;
    }
    for (const char* text : {"0c-0e:0a",   "0c:0e-0a",       "0c-0e0a",       "0c0e-0a",    "0c-",
                             "-0c",        "0c--0e",         "0c-0",          "0c0e.",      ".0c0e",
                             "0c0e.0a",    "0c0e.0a01ff06",  "0c0e.0a01.ff",  "0c0e..0a01", "0c.0e.0a",
                             "0c0e.0a:01", "0c0e:0a01.ff06", "0c0e0a01.ff06", "0c0.e0a",    "0c0e.0a01-ff06",
                             "Random",     "random*",        "0c0e.*0a"}) {
        EXPECT_THROW(UserId(UserId::HW_ADDRESS, std::string(text)), isc::BadValue) << "'" << text << "'";
    }
}

TEST(UserIdTest, acceptsHexDigitsInEitherCaseWithColonsBetweenBytes) {
    for (const char* text : {"0c0e0a01ff06", "0C0E0A01FF06", "0c:0e:0a:01:ff:06", "0C:0e:0A:01:fF:06",
                             "0c0e:0a01:ff06", "0c:0e0a01ff06"}) {
        EXPECT_EQ(BYTES, UserId(UserId::HW_ADDRESS, std::string(text)).getId()) << text;
    }
    EXPECT_EQ(std::vector<uint8_t>{0x01}, UserId(UserId::DUID, std::string("01")).getId());
}

TEST(UserIdTest, rejectsEverythingElse) {
    for (const char* text :
         {"",    " ",   "0",      "0c0",  "0c0e0",   "0g",    "0x0c",  "0c 0e", " 0c",     "0c ", ":",
          ":0c", "0c:", "0c::0e", "0:c0", "a:b:c:d", "0c_0e", "0c.0e", "0c:0",  "0c:0:0e", "\n"}) {
        EXPECT_THROW(UserId(UserId::HW_ADDRESS, std::string(text)), isc::BadValue) << "'" << text << "'";
    }
    EXPECT_THROW(UserId(UserId::HW_ADDRESS, std::string("0c\0"
                                                        "0e",
                                                        5)),
                 isc::BadValue);
    EXPECT_THROW(UserId(UserId::DUID, std::vector<uint8_t>()), isc::BadValue);
}

struct Notation {
    const char* text;
    std::vector<uint8_t> bytes;
    UserId::Kind kind;
};

constexpr UserId::Kind EXACT = UserId::Kind::EXACT;
constexpr UserId::Kind PREFIX = UserId::Kind::PREFIX;

const Notation NOTATIONS[] = {
    {"'ge-0/0/1'", {'g', 'e', '-', '0', '/', '0', '/', '1'}, EXACT},
    {"'0c'", {'0', 'c'}, EXACT},
    {"'*'", {'*'}, EXACT},
    {"'a*'", {'a', '*'}, EXACT},
    {"' '", {' '}, EXACT},
    {"'random'", {'r', 'a', 'n', 'd', 'o', 'm'}, EXACT},
    {"'\xc3\xbc\n\"'", {0xc3, 0xbc, '\n', '"'}, EXACT},
    {"'olt7/'*", {'o', 'l', 't', '7', '/'}, PREFIX},
    {"'*'*", {'*'}, PREFIX},
    {"0c:0e:0a:*", {0x0c, 0x0e, 0x0a}, PREFIX},
    {"0c:0e:0a*", {0x0c, 0x0e, 0x0a}, PREFIX},
    {"0c0e0a*", {0x0c, 0x0e, 0x0a}, PREFIX},
    {"0c0e:0a:*", {0x0c, 0x0e, 0x0a}, PREFIX},
    {"0c0e0a:*", {0x0c, 0x0e, 0x0a}, PREFIX},
    {"0C-0E-0A-*", {0x0c, 0x0e, 0x0a}, PREFIX},
    {"0c-0e-0a*", {0x0c, 0x0e, 0x0a}, PREFIX},
    {"0c0e.0a*", {0x0c, 0x0e, 0x0a}, PREFIX},
    {"0c0e.0a01*", {0x0c, 0x0e, 0x0a, 0x01}, PREFIX},
    {"0c0e.0a01.*", {0x0c, 0x0e, 0x0a, 0x01}, PREFIX},
    {"0c0e.*", {0x0c, 0x0e}, PREFIX},
    {"0c*", {0x0c}, PREFIX},
    {"0c:*", {0x0c}, PREFIX},
    {"0c-*", {0x0c}, PREFIX},
};

TEST(UserIdTest, acceptsTextInQuotesAndPrefixes) {
    for (const Notation& notation : NOTATIONS) {
        const UserId id(UserId::CIRCUIT_ID, std::string(notation.text));
        EXPECT_EQ(notation.bytes, id.getId()) << notation.text;
        EXPECT_EQ(notation.kind, id.getKind()) << notation.text;
        EXPECT_EQ(UserId(UserId::CIRCUIT_ID, notation.bytes, notation.kind), id) << notation.text;
    }
    const std::string nul("'a\0b'", 5);
    EXPECT_EQ((std::vector<uint8_t>{'a', 0, 'b'}), UserId(UserId::FLEX_ID, nul).getId());
}

TEST(UserIdTest, rejectsWhatIsAlmostTextInQuotesOrAPrefix) {
    for (const char* text :
         {"'",        "'a",    "a'",      "'a'b",      "'a'b'", "'a''",   "'a' ",    " 'a'",
          "\"a\"",    "'a'**", "**",      ":*",        "-*",    ".*",     "0*",      "0c0*",
          "0c::*",    "0c--*", "0c0e..*", "0c0e.0a.*", "0c-:*", "0c:-*",  "0c0e:.*", "0c0e.0a-*",
          "0c0e0a-*", "0c **", "0c* ",    "0c*0e",     "*0c",   "0c:*:0e"}) {
        const std::string error =
            test::messageOf<isc::BadValue>([&] { UserId(UserId::HW_ADDRESS, std::string(text)); });
        EXPECT_EQ(
            std::string("invalid id '") + text +
                "', must be pairs of hex digits with nothing, ':' or '-' between bytes, or groups of four "
                "with '.', or a text in single quotes",
            error);
    }
    EXPECT_EQ("an id may not be blank",
              test::messageOf<isc::BadValue>([] { UserId(UserId::DUID, std::string("''")); }));
}

TEST(UserIdTest, rejectsAnEmptyPrefix) {
    for (const char* text : {"*", "''*"}) {
        EXPECT_EQ(
            std::string("invalid id '") + text +
                "', a prefix may not be empty: for all clients without a record there is the default user",
            test::messageOf<isc::BadValue>([&] { UserId(UserId::HW_ADDRESS, std::string(text)); }));
    }
}

TEST(UserIdTest, randomIsForHardwareAddresses) {
    const UserId random(UserId::HW_ADDRESS, std::string("random"));
    EXPECT_EQ(UserId::Kind::RANDOM, random.getKind());
    EXPECT_EQ("random", random.toText());
    EXPECT_EQ("random", random.toText(':'));
    for (const auto type : {UserId::DUID, UserId::CLIENT_ID, UserId::FLEX_ID}) {
        EXPECT_EQ("invalid id 'random', must be of type HW_ADDR: it stands for hardware addresses",
                  test::messageOf<isc::BadValue>([&] { UserId(type, std::string("random")); }));
        EXPECT_THROW(UserId(type, random.getId(), UserId::Kind::RANDOM), isc::BadValue);
    }
    EXPECT_THROW(UserId(UserId::HW_ADDRESS, {1}, UserId::Kind::RANDOM), isc::BadValue);
    EXPECT_THROW(UserId(UserId::HW_ADDRESS, {2, 2}, UserId::Kind::RANDOM), isc::BadValue);
    EXPECT_THROW(UserId(UserId::HW_ADDRESS, std::vector<uint8_t>(), PREFIX), isc::BadValue);
    EXPECT_THROW(UserId(UserId::HW_ADDRESS, {2}, static_cast<UserId::Kind>(3)), isc::BadValue);
}

TEST(UserIdTest, textOfAPrefixEndsWithAStar) {
    const UserId prefix(UserId::HW_ADDRESS, {0x0c, 0x0e}, PREFIX);
    EXPECT_EQ("0c0e*", prefix.toText());
    EXPECT_EQ("0c:0e:*", prefix.toText(':'));
    EXPECT_EQ("0c-0e-*", prefix.toText('-'));
}

TEST(UserIdTest, kindsOfTheSameBytesAreDifferentIds) {
    const UserId exact(UserId::HW_ADDRESS, std::string("02"));
    const UserId prefix(UserId::HW_ADDRESS, std::string("02*"));
    const UserId random(UserId::HW_ADDRESS, std::string("random"));
    const UserId longer(UserId::HW_ADDRESS, std::string("0200"));
    const std::vector<UserId> in_order = {exact, prefix, random, longer,
                                          UserId(UserId::DUID, std::string("01*"))};
    for (size_t one = 0; one < in_order.size(); ++one) {
        for (size_t other = 0; other < in_order.size(); ++other) {
            EXPECT_EQ(one == other, in_order[one] == in_order[other]);
            EXPECT_EQ(one != other, in_order[one] != in_order[other]);
            EXPECT_EQ(one < other, in_order[one] < in_order[other]);
        }
    }
}

TEST(UserIdTest, textIsLowerCaseHexWithTheDelimiter) {
    const UserId id(UserId::HW_ADDRESS, std::string("0C0E0A01FF06"));
    EXPECT_EQ("0c0e0a01ff06", id.toText());
    EXPECT_EQ("0c:0e:0a:01:ff:06", id.toText(':'));
    EXPECT_EQ("0c-0e-0a-01-ff-06", id.toText('-'));
}

TEST(UserIdTest, comparesTypeFirstThenBytes) {
    const UserId hw(UserId::HW_ADDRESS, std::string("ff"));
    const UserId hw_longer(UserId::HW_ADDRESS, std::string("ff00"));
    const UserId hw_lower(UserId::HW_ADDRESS, std::string("0102"));
    const UserId duid(UserId::DUID, std::string("00"));
    EXPECT_TRUE(hw == UserId(UserId::HW_ADDRESS, std::string("FF")));
    EXPECT_FALSE(hw == UserId(UserId::DUID, std::string("ff")));
    EXPECT_TRUE(hw != hw_longer);
    EXPECT_FALSE(hw != hw);
    EXPECT_TRUE(hw_lower < hw);
    EXPECT_TRUE(hw < hw_longer);
    EXPECT_TRUE(hw_longer < duid);
    EXPECT_FALSE(duid < hw);
    EXPECT_FALSE(hw < hw);
}

TEST(UserIdTest, looksUpLabels) {
    EXPECT_STREQ("HW_ADDR", UserId::HW_ADDRESS_STR);
    EXPECT_STREQ("DUID", UserId::DUID_STR);
    EXPECT_EQ("HW_ADDR", UserId::lookupTypeStr(UserId::HW_ADDRESS));
    EXPECT_EQ("DUID", UserId::lookupTypeStr(UserId::DUID));
    EXPECT_EQ(UserId::HW_ADDRESS, UserId::lookupType("HW_ADDR"));
    EXPECT_EQ(UserId::DUID, UserId::lookupType("DUID"));
    EXPECT_THROW(UserId::lookupType("duid"), isc::BadValue);
    EXPECT_THROW(UserId::lookupType(""), isc::BadValue);
}

TEST(UserIdTest, printsLabelAndHex) {
    std::ostringstream os;
    os << UserId(UserId::HW_ADDRESS, BYTES) << " " << UserId(UserId::DUID, std::string("00:01"));
    os << " " << UserId(UserId::CIRCUIT_ID, std::string("'ab'*")) << " "
       << UserId(UserId::HW_ADDRESS, std::string("random"));
    EXPECT_EQ("HW_ADDR=0c0e0a01ff06 DUID=0001 CIRCUIT_ID=6162* HW_ADDR=random", os.str());
}

TEST(UserTest, isMadeOfAnIdOrItsParts) {
    const UserId id(UserId::DUID, BYTES);
    EXPECT_EQ(id, User(id).getUserId());
    EXPECT_EQ(id, User(UserId::DUID, BYTES).getUserId());
    EXPECT_EQ(id, User(UserId::DUID, std::string("0c0e0a01ff06")).getUserId());
    EXPECT_THROW(User(UserId::DUID, std::string()), isc::BadValue);
}

TEST(UserTest, keepsAttributes) {
    User user(UserId::HW_ADDRESS, BYTES);
    EXPECT_TRUE(user.getProperties().empty());
    EXPECT_EQ("", user.getProperty("bootfile"));

    user.setProperty("bootfile", "/one");
    user.setProperty("bootfile", "/two");
    user.setProperty("blank", "");
    EXPECT_EQ("/two", user.getProperty("bootfile"));
    EXPECT_EQ((PropertyMap{{"blank", ""}, {"bootfile", "/two"}}), user.getProperties());

    user.delProperty("bootfile");
    user.delProperty("never there");
    EXPECT_EQ((PropertyMap{{"blank", ""}}), user.getProperties());

    user.setProperties({{"a", "1"}});
    EXPECT_EQ((PropertyMap{{"a", "1"}}), user.getProperties());
    EXPECT_THROW(user.setProperty("", "value"), isc::BadValue);
}

} // namespace
} // namespace user_chk::user_test
