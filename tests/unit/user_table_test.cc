// SPDX-License-Identifier: MPL-2.0
// Tests UserTable.

#include <registry/user_table.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

#include <map>

namespace user_chk {
namespace {

typedef std::vector<uint8_t> Bytes;

// An id of this length that no other number has.
Bytes idOf(uint32_t number, size_t length) {
    Bytes id(length, 0);
    for (size_t i = 0; i < length && i < sizeof(number); ++i) {
        id[length - 1 - i] = static_cast<uint8_t>(number >> (8 * i));
    }
    return id;
}

TEST(UserTableTest, isEmptyAtFirst) {
    const UserTable table;
    EXPECT_EQ(0, table.size());
    EXPECT_EQ(nullptr, table.find(UserId::DUID, {1}));
    EXPECT_EQ(0, table.lineOf(UserId::DUID, {1}));
}

TEST(UserTableTest, findsByTypeAndBytesOfAnyLength) {
    UserTable table;
    size_t line = 0;
    for (const size_t length : {1, 6, 19, 20, 21, 130, 2000, 32767}) {
        const std::string name = std::to_string(length);
        ++line;
        EXPECT_TRUE(table.add(UserId::DUID, Bytes(length, 7), {{"length", name}}, line));
    }
    line = 0;
    for (const size_t length : {1, 6, 19, 20, 21, 130, 2000, 32767}) {
        const PropertyMap* found = table.find(UserId::DUID, Bytes(length, 7));
        ASSERT_NE(nullptr, found) << length;
        EXPECT_EQ(std::to_string(length), found->at("length"));
        EXPECT_EQ(++line, table.lineOf(UserId::DUID, Bytes(length, 7)));
        EXPECT_EQ(nullptr, table.find(UserId::HW_ADDRESS, Bytes(length, 7)));
        EXPECT_EQ(nullptr, table.find(UserId::DUID, Bytes(length, 8)));
    }
}

TEST(UserTableTest, refusesAnIdThatIsThereUnderTheSameType) {
    UserTable table;
    EXPECT_TRUE(table.add(UserId::DUID, {1}, {{"a", "first"}}, 3));
    EXPECT_TRUE(table.add(UserId::HW_ADDRESS, {1}, {}, 4));
    EXPECT_FALSE(table.add(UserId::DUID, {1}, {{"a", "second"}}, 5));
    EXPECT_EQ(2, table.size());
    EXPECT_EQ(3, table.lineOf(UserId::DUID, {1}));
    EXPECT_EQ("first", table.find(UserId::DUID, {1})->at("a"));
}

TEST(UserTableTest, refusesIdsThatAreEmptyOrTooLong) {
    UserTable table;
    EXPECT_THROW(table.add(UserId::DUID, {}, {}, 0), isc::BadValue);
    EXPECT_THROW(table.add(UserId::DUID, Bytes(65536, 1), {}, 0), isc::BadValue);
    EXPECT_EQ(0, table.size());
    EXPECT_TRUE(table.add(UserId::DUID, Bytes(65535, 1), {}, 0));
    EXPECT_NE(nullptr, table.find(UserId::DUID, Bytes(65535, 1)));
}

TEST(UserTableTest, growsAndKeepsEveryUser) {
    constexpr uint32_t USERS = 50000;
    UserTable table;
    for (uint32_t i = 0; i < USERS; ++i) {
        ASSERT_TRUE(table.add(UserId::HW_ADDRESS, idOf(i, 6), {{"n", std::to_string(i % 100)}}, i));
        ASSERT_TRUE(table.add(UserId::DUID, idOf(i, 24), {}, i));
    }
    table.seal();
    EXPECT_EQ(2 * USERS, table.size());
    for (uint32_t i = 0; i < USERS; ++i) {
        const PropertyMap* found = table.find(UserId::HW_ADDRESS, idOf(i, 6));
        ASSERT_NE(nullptr, found);
        ASSERT_EQ(std::to_string(i % 100), found->at("n"));
        ASSERT_NE(nullptr, table.find(UserId::DUID, idOf(i, 24)));
        ASSERT_EQ(nullptr, table.find(UserId::HW_ADDRESS, idOf(USERS + i, 6)));
    }
}

TEST(UserTableTest, usersOfTheSameAttributesShareThem) {
    UserTable table;
    table.add(UserId::DUID, {1}, {{"a", "1"}, {"b", "2"}}, 0);
    table.add(UserId::DUID, {2}, {{"a", "1"}, {"b", "2"}}, 0);
    table.add(UserId::DUID, {3}, {{"a", "1b"}, {"", "2"}}, 0);
    EXPECT_EQ(table.find(UserId::DUID, {1}), table.find(UserId::DUID, {2}));
    EXPECT_EQ((PropertyMap{{"a", "1"}, {"b", "2"}}), *table.find(UserId::DUID, {1}));
    EXPECT_EQ((PropertyMap{{"a", "1b"}, {"", "2"}}), *table.find(UserId::DUID, {3}));
}

TEST(UserTableTest, visitsEveryUser) {
    UserTable table;
    table.add(UserId::DUID, {1}, {{"a", "1"}}, 0);
    table.add(UserId::HW_ADDRESS, Bytes(40, 2), {}, 0);
    std::map<UserId, PropertyMap> visited;
    table.forEach([&](const UserId& id, const PropertyMap& attributes) { visited.emplace(id, attributes); });
    EXPECT_EQ((std::map<UserId, PropertyMap>{{UserId(UserId::DUID, Bytes{1}), {{"a", "1"}}},
                                             {UserId(UserId::HW_ADDRESS, Bytes(40, 2)), {}}}),
              visited);
}

TEST(UserTableTest, checksEachSetOfAttributesOnceAndCountsTheUsers) {
    int checks = 0;
    UserTable table([&checks](UserId::UserIdType type, const PropertyMap& attributes) {
        ++checks;
        return type == UserId::DUID && attributes.count("odd") != 0 ? attributes.at("odd") : std::string();
    });
    table.add(UserId::DUID, {1}, {}, 1);
    table.add(UserId::HW_ADDRESS, {1}, {{"odd", "x"}}, 2);
    table.add(UserId::DUID, {2}, {{"odd", "x"}}, 3);
    table.add(UserId::DUID, {3}, {{"odd", "x"}}, 4);
    table.add(UserId::DUID, {4}, {{"odd", "y"}}, 5);
    EXPECT_EQ(4, checks);
    EXPECT_EQ(3, table.remarks());
    EXPECT_EQ("x", table.firstRemark());
    EXPECT_EQ(3, table.firstRemarkLine());
}

} // namespace
} // namespace user_chk
