// SPDX-License-Identifier: MPL-2.0
// Tests RowLoader: a row is judged by itself, whether or not another one with the same attributes came
// before.

#include <source/row_loader.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

#include <string>

namespace user_chk {
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

TEST_F(RowLoaderTest, tellsOfASecondRowOfAUser) {
    take("HW_ADDR", "first.", STAFF);
    take("HW_ADDR", "first.", STAFF);
    finish();
    EXPECT_EQ(1, news_.users->size());
    EXPECT_EQ("has several rows", reasonOf("HW_ADDR=66697273742e"));
    EXPECT_EQ(1, news_.skipped_now);
}

} // namespace
} // namespace user_chk
