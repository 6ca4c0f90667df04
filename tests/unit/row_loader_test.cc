// SPDX-License-Identifier: MPL-2.0
// Tests RowLoader: a row is judged by itself, whether or not an earlier one had the same attributes.

#include <source/row_loader.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

#include <string>

namespace user_chk::row_loader_test {
namespace {

Meaning read(UserId::UserIdType, const PropertyMap& attributes) {
    Meaning meaning;
    if (attributes.count("staff") != 0) {
        meaning.not_for_default = "not for the default user";
    }
    return meaning;
}

const std::string STAFF = R"({"staff": "yes"})";

class RowLoaderTest : public testing::Test {
protected:
    void take(const std::string& type, const std::string& id, const std::string& attributes) {
        loader_.take({type, id, attributes, "1"});
    }

    const UserAttributes* find(const std::string& id) const {
        return news_.users->find(UserId::HW_ADDRESS, {id.begin(), id.end()});
    }

    std::string reasonOf(const std::string& key) const {
        const auto bad = bad_.find(key);
        return bad != bad_.end() ? bad->second.record.reason : "";
    }

    void finish() { news_ = loader_.finish(bad_); }

    const Users in_force_;
    RowLoader loader_{RowLoader::Of::ALL, read, in_force_};
    News news_;
    BadRows bad_;
};

TEST_F(RowLoaderTest, usersOfEqualAttributesShareThem) {
    take("HW_ADDR", "first.", STAFF);
    take("HW_ADDR", "other.", R"({"a": "b"})");
    take("DUID", "second", STAFF);
    take("HW_ADDR", "third.", STAFF);
    finish();
    EXPECT_EQ(4, news_.users->size());
    EXPECT_EQ(1, news_.users->sizes()[UserId::DUID]);
    ASSERT_NE(nullptr, find("first."));
    EXPECT_EQ((PropertyMap{{"staff", "yes"}}), find("first.")->properties);
    EXPECT_EQ(find("first."), find("third."));
    EXPECT_EQ((PropertyMap{{"a", "b"}}), find("other.")->properties);
    EXPECT_TRUE(bad_.empty());
}

TEST_F(RowLoaderTest, refusesTypesAndIdsBesideKnownAttributes) {
    take("HW_ADDR", "first.", STAFF);
    take("hw_addr", "second", STAFF);
    take("HW_ADDR", "", STAFF);
    take("HW_ADDR", std::string(40000, 'x'), STAFF);
    take("HW_ADDR", std::string(4, '\0'), STAFF);
    take("HW_ADDR", std::string(300, 'x'), STAFF);
    finish();
    EXPECT_EQ(2, news_.users->size());
    EXPECT_EQ(4, bad_.size());
    EXPECT_EQ("invalid type: 'hw_addr'", reasonOf("hw_addr=7365636f6e64"));
    EXPECT_NE("", reasonOf("HW_ADDR="));
    EXPECT_EQ("not for the default user", reasonOf("HW_ADDR=00000000"));
    EXPECT_EQ(find("first."), find(std::string(300, 'x')));
}

TEST_F(RowLoaderTest, readsMoreDifferentAttributesThanItKeeps) {
    constexpr int ROWS = 10000;
    const auto attributesOf = [](int row) { return R"({"n": ")" + std::to_string(row % (ROWS / 2)) + "\"}"; };
    for (int row = 0; row < ROWS; ++row) {
        take("HW_ADDR", std::to_string(100000 + row), attributesOf(row));
    }
    finish();
    EXPECT_EQ(ROWS, news_.users->size());
    for (int row = 0; row < ROWS / 2; ++row) {
        const UserAttributes* found = find(std::to_string(100000 + row));
        ASSERT_NE(nullptr, found);
        EXPECT_EQ(std::to_string(row), found->properties.at("n"));
        EXPECT_EQ(found, find(std::to_string(100000 + ROWS / 2 + row)));
    }
}

// Returns what a table has for the attribute `a` of an id, `-` for nothing.
std::string valueIn(const UserTable& users, const UserId& id) {
    const UserAttributes* found = users.find(IdTag(id), id.getId());
    return found != nullptr ? found->properties.at("a") : "-";
}

TEST_F(RowLoaderTest, typesOfRowsTellPrefixesAndRandom) {
    const auto attributesOf = [](const std::string& value) { return R"({"a": ")" + value + "\"}"; };
    for (int round = 0; round < 2; ++round) { // the attributes of the second round are known
        const std::string id(1, static_cast<char>('a' + round));
        take("HW_ADDR", id, attributesOf("exact"));
        take("HW_ADDR_PREFIX", id, attributesOf("prefix"));
        take("CIRCUIT_ID_PREFIX", id, attributesOf("circuit"));
    }
    take("HW_ADDR_RANDOM", "\x02", attributesOf("random"));
    finish();
    EXPECT_TRUE(bad_.empty());
    EXPECT_EQ(7, news_.users->size());
    for (const char* id : {"'a'", "'b'"}) {
        EXPECT_EQ("exact", valueIn(*news_.users, UserId(UserId::HW_ADDRESS, id)));
        EXPECT_EQ("prefix", valueIn(*news_.users, UserId(UserId::HW_ADDRESS, std::string(id) + "*")));
        EXPECT_EQ("circuit", valueIn(*news_.users, UserId(UserId::CIRCUIT_ID, std::string(id) + "*")));
        EXPECT_EQ("-", valueIn(*news_.users, UserId(UserId::CIRCUIT_ID, id)));
    }
    EXPECT_EQ("random", valueIn(*news_.users, UserId(UserId::HW_ADDRESS, "random")));
}

TEST_F(RowLoaderTest, refusesRowsThatCanBeNoPrefixOrRandom) {
    take("HW_ADDR_RANDOM", "\x02", STAFF);
    take("HW_ADDR_RANDOM", "\x03", STAFF);
    take("DUID_RANDOM", "\x02", STAFF);
    take("HW_ADDR_PREFIX", "", STAFF);
    take("_PREFIX", "a", STAFF);
    take("HW_ADDR_PREFIX_PREFIX", "a", STAFF);
    take("HW_ADDR_PREFIX", std::string(4, '\0'), STAFF); // not the default user
    finish();
    EXPECT_EQ(2, news_.users->size());
    EXPECT_EQ(5, bad_.size());
    EXPECT_EQ("invalid id, must be 02, which stands for all made-up addresses",
              reasonOf("HW_ADDR_RANDOM=03"));
    EXPECT_EQ("invalid id 'random', must be of type HW_ADDR: it stands for hardware addresses",
              reasonOf("DUID_RANDOM=02"));
    EXPECT_NE("", reasonOf("HW_ADDR_PREFIX="));
    EXPECT_NE("", reasonOf("_PREFIX=61"));
    EXPECT_NE("", reasonOf("HW_ADDR_PREFIX_PREFIX=61"));
}

TEST(RowChangesTest, changeAndRemovePrefixes) {
    const auto table = std::make_shared<UserTable>();
    const UserId prefix(UserId::HW_ADDRESS, "'a'*");
    const UserId gone(UserId::HW_ADDRESS, "'b'*");
    table->add(UserId::HW_ADDRESS, {'a'}, {{"a", "exact"}});
    table->add(IdTag(prefix), prefix.getId(), {{"a", "prefix"}});
    table->add(IdTag(gone), gone.getId(), {{"a", "gone"}});
    table->seal();
    const Users in_force(table);
    RowLoader loader(RowLoader::Of::CHANGES, read, in_force);
    loader.take({"HW_ADDR_PREFIX", "a", R"({"a": "other"})", "2"});
    loader.take({"HW_ADDR_PREFIX", "b", std::nullopt, ""});
    loader.take({"HW_ADDR", "b", std::nullopt, ""}); // was never there
    BadRows bad;
    const News news = loader.finish(bad);
    EXPECT_TRUE(bad.empty());
    EXPECT_EQ(2, news.users->size());
    EXPECT_EQ("other", valueIn(*news.users, prefix));
    EXPECT_EQ(nullptr, news.users->entryOf(IdTag(gone), gone.getId())->set);
}

TEST_F(RowLoaderTest, tellsOfASecondRowOfAUser) {
    take("HW_ADDR", "first.", STAFF);
    take("HW_ADDR", "first.", STAFF);
    finish();
    EXPECT_EQ(1, news_.users->size());
    EXPECT_EQ("has several rows", reasonOf("HW_ADDR=66697273742e"));
    EXPECT_EQ(1, news_.skipped_now);
}

} // namespace
} // namespace user_chk::row_loader_test
