// SPDX-License-Identifier: MPL-2.0
// Tests UserId and User.

#include <user.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

#include <sstream>

namespace user_chk {
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
                             "'abc'",      "0c:0e:*",        "0c-0e-*",       "random",     "*"}) {
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
    EXPECT_EQ("HW_ADDR=0c0e0a01ff06 DUID=0001", os.str());
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
} // namespace user_chk
