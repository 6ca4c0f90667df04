// SPDX-License-Identifier: MPL-2.0
// Tests UserTable.

#include <policy/user_rules.h>
#include <registry/user_table.h>
#include <support/temp_dir.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace user_chk::user_table_test {
namespace {

typedef std::vector<uint8_t> Bytes;

// Returns an id of this length that no other number has.
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
    EXPECT_FALSE(table.entryOf(UserId::DUID, {1}));
}

TEST(UserTableTest, findsByTypeAndBytesOfAnyLength) {
    UserTable table;
    uint32_t line = 0;
    for (const size_t length : {1, 6, 19, 20, 21, 130, 2000, 32767}) {
        const std::string name = std::to_string(length);
        ++line;
        EXPECT_TRUE(table.add(UserId::DUID, Bytes(length, 7), {{"length", name}}, 0, line));
    }
    line = 0;
    for (const size_t length : {1, 6, 19, 20, 21, 130, 2000, 32767}) {
        const UserAttributes* found = table.find(UserId::DUID, Bytes(length, 7));
        ASSERT_NE(nullptr, found) << length;
        EXPECT_EQ(std::to_string(length), found->properties.at("length"));
        EXPECT_EQ(++line, table.entryOf(UserId::DUID, Bytes(length, 7))->note);
        EXPECT_EQ(nullptr, table.find(UserId::HW_ADDRESS, Bytes(length, 7)));
        EXPECT_EQ(nullptr, table.find(UserId::DUID, Bytes(length, 8)));
    }
}

TEST(UserTableTest, refusesAnIdThatIsThereUnderTheSameType) {
    UserTable table;
    EXPECT_TRUE(table.add(UserId::DUID, {1}, {{"a", "first"}}, 0, 3));
    EXPECT_TRUE(table.add(UserId::HW_ADDRESS, {1}, {}, 4));
    EXPECT_FALSE(table.add(UserId::DUID, {1}, {{"a", "second"}}, 5));
    EXPECT_EQ(2, table.size());
    EXPECT_EQ(3, table.entryOf(UserId::DUID, {1})->note);
    EXPECT_EQ("first", table.find(UserId::DUID, {1})->properties.at("a"));
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
        const UserAttributes* found = table.find(UserId::HW_ADDRESS, idOf(i, 6));
        ASSERT_NE(nullptr, found);
        ASSERT_EQ(std::to_string(i % 100), found->properties.at("n"));
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
    EXPECT_EQ((PropertyMap{{"a", "1"}, {"b", "2"}}), table.find(UserId::DUID, {1})->properties);
    EXPECT_EQ((PropertyMap{{"a", "1b"}, {"", "2"}}), table.find(UserId::DUID, {3})->properties);
}

TEST(UserTableTest, usersOfMergedTablesShareTheAttributesOfTheLowerOne) {
    UserTable lower;
    UserTable upper;
    lower.add(UserId::DUID, {1}, {{"a", "1"}}, 0);
    lower.add(UserId::DUID, {2}, {{"a", "2"}}, 0);
    for (uint8_t i = 3; i < 6; ++i) {
        UserTable changes;
        changes.add(UserId::DUID, {i}, {{"a", "1"}}, 0);
        changes.add(UserId::HW_ADDRESS, {i}, {{"a", "1"}}, 0);
        changes.forEach(
            [&](const UserId& id, const UserTable::Entry& entry) { upper.put(id, *entry.set, i); });
    }
    lower.seal();
    upper.seal();
    const auto merged = UserTable::merged(lower, upper, false);
    EXPECT_EQ(8, merged->size());
    for (uint8_t i = 3; i < 6; ++i) {
        EXPECT_EQ(lower.find(UserId::DUID, {1}), merged->find(UserId::DUID, {i}));
        EXPECT_EQ(merged->find(UserId::HW_ADDRESS, {3}), merged->find(UserId::HW_ADDRESS, {i}));
        EXPECT_EQ(i, merged->entryOf(UserId::DUID, {i})->note);
    }
    EXPECT_EQ(lower.find(UserId::DUID, {1}), merged->find(UserId::DUID, {1}));
    EXPECT_EQ(lower.find(UserId::DUID, {2}), merged->find(UserId::DUID, {2}));
    EXPECT_NE(merged->find(UserId::DUID, {3}), merged->find(UserId::HW_ADDRESS, {3}));
}

TEST(UserTableTest, visitsEveryUser) {
    UserTable table;
    table.add(UserId::DUID, {1}, {{"a", "1"}}, 0);
    table.add(UserId::HW_ADDRESS, Bytes(40, 2), {}, 0);
    std::map<UserId, PropertyMap> visited;
    table.forEach([&](const UserId& id, const UserTable::Entry& entry) {
        visited.emplace(id, (*entry.set)->attributes.properties);
    });
    EXPECT_EQ((std::map<UserId, PropertyMap>{{UserId(UserId::DUID, Bytes{1}), {{"a", "1"}}},
                                             {UserId(UserId::HW_ADDRESS, Bytes(40, 2)), {}}}),
              visited);
}

// Ids that differ only in their first byte, beyond what sorting compares first, in their length, or in their
// type.
const std::vector<UserId> IN_ORDER = {
    UserId(UserId::HW_ADDRESS, Bytes{0}),
    UserId(UserId::HW_ADDRESS, Bytes{0, 0}),
    UserId(UserId::HW_ADDRESS, Bytes(15, 0)),
    UserId(UserId::HW_ADDRESS, Bytes(16, 0)),
    UserId(UserId::HW_ADDRESS, Bytes{0x0c, 0x0e, 0x0a, 1, 0xff, 4}),
    UserId(UserId::HW_ADDRESS, Bytes{0x0c, 0x0e, 0x0a, 1, 0xff, 5}),
    UserId(UserId::HW_ADDRESS, Bytes{0xff}),
    UserId(UserId::DUID, Bytes{0}),
    UserId(UserId::DUID, Bytes(15, 7)),
    UserId(UserId::DUID, Bytes(16, 7)),
    UserId(UserId::DUID, Bytes(40, 7)),
    UserId(UserId::DUID, Bytes(41, 7)),
    UserId(UserId::DUID, Bytes{7, 8}),
};

class OrderedTableTest : public testing::Test {
protected:
    OrderedTableTest() {
        for (size_t i = 0; i < IN_ORDER.size(); ++i) {
            const UserId& id = IN_ORDER[i * 5 % IN_ORDER.size()];
            table_.add(id.getType(), id.getId(), {{"id", id.toText()}}, 0);
        }
        table_.seal();
    }

    std::vector<UserId> after(const std::optional<UserId>& from, size_t limit) {
        std::vector<UserId> ids;
        for (UserTable::Cursor at(table_, from); !at.atEnd() && ids.size() < limit; at.next()) {
            EXPECT_EQ(at.id().toText(), (*at.entry().set)->attributes.properties.at("id"));
            ids.push_back(at.id());
        }
        return ids;
    }

    UserTable table_;
};

TEST_F(OrderedTableTest, visitsUsersInTheOrderOfTheirIds) {
    ASSERT_TRUE(std::is_sorted(IN_ORDER.begin(), IN_ORDER.end()));
    EXPECT_EQ(IN_ORDER, after(std::nullopt, 100));
}

TEST_F(OrderedTableTest, visitsThoseBehindAnIdUpToTheLimit) {
    for (size_t i = 0; i < IN_ORDER.size(); ++i) {
        EXPECT_EQ(std::vector<UserId>(IN_ORDER.begin() + i + 1,
                                      IN_ORDER.begin() + std::min(i + 3, IN_ORDER.size())),
                  after(IN_ORDER[i], 2));
    }
    EXPECT_EQ(std::vector<UserId>(), after(std::nullopt, 0));
}

TEST_F(OrderedTableTest, beginsBehindAnIdThatNobodyHas) {
    EXPECT_EQ(std::vector<UserId>{IN_ORDER[5]}, after(UserId(UserId::HW_ADDRESS, "0c0e0a01ff0400"), 1));
    EXPECT_EQ(std::vector<UserId>{IN_ORDER[7]}, after(UserId(UserId::HW_ADDRESS, "ffff"), 1));
    EXPECT_EQ(std::vector<UserId>(), after(UserId(UserId::DUID, "0709"), 1));
}

TEST_F(OrderedTableTest, countsUsersByType) {
    EXPECT_EQ(7, table_.sizes()[UserId::HW_ADDRESS]);
    EXPECT_EQ(6, table_.sizes()[UserId::DUID]);
    table_.add(UserId::DUID, IN_ORDER[7].getId(), {}, 0);
    EXPECT_EQ(6, table_.sizes()[UserId::DUID]) << "one that was refused";
}

TEST(UserTableTest, hasNobodyInOrderWhenItIsEmpty) {
    UserTable table;
    table.seal();
    EXPECT_TRUE(UserTable::Cursor(table, std::nullopt).atEnd());
    EXPECT_EQ(0, table.sizes()[UserId::DUID]);
}

// A table whose reader makes a remark on the attribute "odd", rejects "bad", and notes what it has read.
class ReadTableTest : public testing::Test {
protected:
    Meaning read(UserId::UserIdType type, const PropertyMap& attributes) {
        read_.push_back({type, attributes});
        if (attributes.count("bad") != 0) {
            isc_throw(isc::BadValue, "invalid bad: '" << attributes.at("bad") << "'");
        }
        Meaning meaning;
        if (attributes.count("odd") != 0) {
            meaning.remarks = {"odd is " + attributes.at("odd")};
        }
        if (attributes.count("not-for-default") != 0) {
            meaning.not_for_default = "not for the default user";
        }
        if (!attributes.empty()) {
            meaning.rules = std::make_shared<const UserRules>();
        }
        return meaning;
    }

    std::vector<std::pair<UserId::UserIdType, PropertyMap>> read_;
    UserTable table_{[this](auto type, const auto& attributes) { return read(type, attributes); }};
};

TEST_F(ReadTableTest, readsEachSetOfAttributesOnceForEachType) {
    table_.add(UserId::DUID, {1}, {}, 1);
    table_.add(UserId::DUID, {2}, {{"a", "x"}}, 2);
    table_.add(UserId::DUID, {3}, {{"a", "x"}}, 3);
    table_.add(UserId::HW_ADDRESS, {4}, {{"a", "x"}}, 4);
    EXPECT_EQ((std::vector<std::pair<UserId::UserIdType, PropertyMap>>{
                  {UserId::DUID, {}}, {UserId::DUID, {{"a", "x"}}}, {UserId::HW_ADDRESS, {{"a", "x"}}}}),
              read_);
    EXPECT_FALSE(table_.find(UserId::DUID, {1})->rules);
    EXPECT_TRUE(table_.find(UserId::DUID, {2})->rules);
    EXPECT_EQ(table_.find(UserId::DUID, {2})->rules, table_.find(UserId::DUID, {3})->rules);
    EXPECT_NE(table_.find(UserId::DUID, {2})->rules, table_.find(UserId::HW_ADDRESS, {4})->rules);
}

TEST_F(ReadTableTest, countsTheUsersOfARemarkAndKeepsTheFirstLine) {
    table_.add(UserId::DUID, {0, 0, 1}, {{"a", "x"}}, 1);
    table_.add(UserId::DUID, {0, 0, 2}, {{"odd", "x"}}, 2);
    table_.add(UserId::DUID, {0, 0, 3}, {{"odd", "y"}}, 3);
    table_.add(UserId::DUID, {0, 0, 4}, {{"odd", "x"}}, 4);
    table_.add(UserId::DUID, {0, 0, 5}, {{"odd", "x"}, {"a", "other set"}}, 5);
    ASSERT_EQ(2, table_.remarks().size());
    EXPECT_EQ("odd is x", table_.remarks()[0].text);
    EXPECT_EQ(3, table_.remarks()[0].users);
    EXPECT_EQ(2, table_.remarks()[0].first_line);
    EXPECT_EQ("odd is y", table_.remarks()[1].text);
    EXPECT_EQ(1, table_.remarks()[1].users);
    EXPECT_EQ(3, table_.remarks()[1].first_line);
}

TEST_F(ReadTableTest, keepsTheFirstOfManyRemarks) {
    for (size_t i = 0; i <= UserTable::MOST_REMARKS; ++i) {
        table_.add(UserId::DUID, idOf(static_cast<uint32_t>(i), 4), {{"odd", std::to_string(i)}}, i);
    }
    table_.add(UserId::DUID, {0, 0, 1}, {{"odd", "0"}}, 99);
    ASSERT_EQ(UserTable::MOST_REMARKS, table_.remarks().size());
    EXPECT_EQ("odd is 0", table_.remarks().front().text);
    EXPECT_EQ(2, table_.remarks().front().users);
    EXPECT_EQ("odd is 19", table_.remarks().back().text);
}

TEST_F(ReadTableTest, givesEveryRemarkToWhoeverTakesThem) {
    typedef std::vector<std::pair<std::string, size_t>> Taken;
    Taken taken;
    UserTable table([this](auto type, const auto& attributes) { return read(type, attributes); },
                    [&](const std::string& text, size_t line) { taken.emplace_back(text, line); });
    Taken expected;
    for (uint8_t number = 0; number < 2 * UserTable::MOST_REMARKS; ++number) {
        const std::string odd = std::to_string(number / 2);
        table.add(UserId::HW_ADDRESS, {2, 0, 0, 0, 0, number}, {{"odd", odd}}, number + 1U);
        expected.emplace_back("odd is " + odd, number + 1U);
    }
    EXPECT_EQ(expected, taken);
}

TEST_F(ReadTableTest, remarksOnIdsToo) {
    table_.add(UserId::HW_ADDRESS, idOf(1, 6), {}, 1);
    table_.add(UserId::HW_ADDRESS, idOf(2, 5), {{"odd", "x"}}, 2);
    table_.add(UserId::HW_ADDRESS, idOf(3, 5), {{"a", "x"}}, 3);
    ASSERT_EQ(2, table_.remarks().size());
    EXPECT_EQ("odd is x", table_.remarks()[0].text);
    EXPECT_EQ(0, table_.remarks()[1].text.find("the id has 5 bytes"));
    EXPECT_EQ(2, table_.remarks()[1].users);
    EXPECT_EQ(2, table_.remarks()[1].first_line);
}

TEST_F(ReadTableTest, refusesTheDefaultUserWhatIsNotForIt) {
    EXPECT_EQ("not for the default user", test::messageOf<isc::BadValue>([this] {
                  table_.add(UserId::DUID, idOf(0, 4), {{"not-for-default", "x"}}, 1);
              }));
    EXPECT_EQ(0, table_.size());
    EXPECT_TRUE(table_.add(UserId::DUID, idOf(1, 4), {{"not-for-default", "x"}}, 2));
    EXPECT_THROW(table_.add(UserId::DUID, idOf(0, 4), {{"not-for-default", "x"}}, 3), isc::BadValue)
        << "when others have the same attributes";
    EXPECT_TRUE(table_.add(UserId::DUID, idOf(0, 4), {{"a", "x"}}, 4));
}

TEST_F(ReadTableTest, isAsItWasWhenTheReaderRefuses) {
    table_.add(UserId::DUID, {1}, {{"odd", "x"}}, 1);
    EXPECT_EQ("invalid bad: 'x'", test::messageOf<isc::BadValue>([this] {
                  table_.add(UserId::DUID, {2}, {{"bad", "x"}}, 2);
              }));
    EXPECT_EQ(1, table_.size());
    EXPECT_EQ(nullptr, table_.find(UserId::DUID, {2}));
    EXPECT_THROW(table_.add(UserId::DUID, {3}, {{"bad", "x"}}, 3), isc::BadValue) << "refused once only";
    EXPECT_TRUE(table_.add(UserId::DUID, {2}, {{"a", "x"}}, 4, 7));
    EXPECT_EQ(7, table_.entryOf(UserId::DUID, {2})->note);
}

} // namespace
} // namespace user_chk::user_table_test
