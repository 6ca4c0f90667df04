// SPDX-License-Identifier: MPL-2.0
// Tests the editing of a registry whose bad records are skipped: they are left alone, and block nobody else.

#include <source/registry_editor.h>
#include <source/skipping_lookup.h>
#include <support/temp_dir.h>

#include <user_data_source.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

namespace user_chk {
namespace {

using test::messageOf;
using test::readFile;
using test::TempDir;
using test::writeFile;

Meaning refuseBad(UserId::UserIdType, const PropertyMap& attributes) {
    if (attributes.count("bad") != 0) {
        isc_throw(isc::BadValue, "invalid bad");
    }
    return {};
}

std::string record(const std::string& id, const std::string& more = "") {
    return R"({ "type" : "HW_ADDR", "id" : ")" + id + "\"" + more + " }\n";
}

class SkippingLookupTest : public testing::Test {
protected:
    SkippingLookupTest() { writeFile(path_, BAD + record("01") + TWICE); }

    // What is wrong, as all three commands tell of a user.
    std::string errorOf(const UserId& id) {
        const std::string before = readFile(path_);
        const std::string error = messageOf<UserDataSourceError>([&] { editor_.add(User(id)); });
        EXPECT_EQ(error, messageOf<UserDataSourceError>([&] { editor_.update(User(id)); }));
        EXPECT_EQ(error, messageOf<UserDataSourceError>([&] { editor_.remove(id); }));
        EXPECT_EQ(before, readFile(path_));
        return error.substr(0, path_.size()) == path_ ? error.substr(path_.size()) : error;
    }

    static inline const std::string BAD =
        "no record\n" + record("02", R"(, "bad" : "")") + record("03", ", 3");
    static inline const std::string TWICE = record("04") + record("04", R"(, "x" : "1")");

    TempDir dir_;
    const std::string path_ = dir_.file("registry.txt");
    RegistryEditor editor_{path_, refuseBad, skippingLookup(path_, refuseBad)};
};

UserId hwAddress(const std::string& id) {
    return {UserId::HW_ADDRESS, id};
}

TEST_F(SkippingLookupTest, leavesBadRecordsOfOthersAsTheyAre) {
    EXPECT_TRUE(editor_.add(User(hwAddress("05"))));
    EXPECT_EQ(BAD + record("01") + TWICE + record("05"), readFile(path_));
    EXPECT_FALSE(editor_.add(User(hwAddress("05"))));
    User user(hwAddress("01"));
    user.setProperty("x", "2");
    EXPECT_TRUE(editor_.update(user));
    EXPECT_EQ(BAD + record("01", R"(, "x" : "2")") + TWICE + record("05"), readFile(path_));
    EXPECT_TRUE(editor_.remove(hwAddress("01")));
    EXPECT_FALSE(editor_.remove(hwAddress("01")));
    EXPECT_TRUE(editor_.remove(hwAddress("05")));
    EXPECT_EQ(BAD + TWICE, readFile(path_));
}

TEST_F(SkippingLookupTest, tellsWhereARecordOfTheUserIsBad) {
    EXPECT_EQ(":2: invalid bad", errorOf(hwAddress("02")));
    EXPECT_EQ(":3: ", errorOf(hwAddress("03")).substr(0, 4));
    EXPECT_EQ(":6: duplicate user: HW_ADDR=04", errorOf(hwAddress("04")));
}

TEST_F(SkippingLookupTest, takesAnIdForThatOfItsTypeOnly) {
    EXPECT_TRUE(editor_.add(User(UserId(UserId::DUID, "02"))));
}

TEST_F(SkippingLookupTest, refusesAFileThatIsNoText) {
    writeFile(path_, record("01") + std::string("\0\n", 2));
    EXPECT_EQ(":2: ", errorOf(hwAddress("05")).substr(0, 4));
}

} // namespace
} // namespace user_chk
