// SPDX-License-Identifier: MPL-2.0
// Tests how Follower starts when its source is bad, and that it switches to the source when it is good.

#include <source/file_source.h>
#include <source/follower.h>
#include <support/records.h>
#include <support/temp_dir.h>
#include <user_data_source.h>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>

namespace user_chk::follower_fallback_test {
namespace {

using test::hwAddress;
using test::record;

using test::messageOf;
using test::writeFile;
using Outcome = LoadReport::Outcome;

// A bad registry, and a copy of a good one with user 01.
class FollowerFallbackTest : public testing::Test {
protected:
    FollowerFallbackTest() {
        const auto table = std::make_shared<UserTable>();
        table->add(UserId::HW_ADDRESS, {1}, {});
        table->seal();
        copy_.write(Users(table));
        writeFile(path_, "bad\n");
    }

    std::unique_ptr<Follower> follower(bool with_copy, bool or_nobody) const {
        Fallback fallback;
        if (with_copy) {
            fallback.copy = [this] { return copy_.read(nullptr); };
        }
        fallback.nobody = or_nobody;
        return std::make_unique<Follower>(std::make_unique<FileSource>(path_, RecordRules()), fallback);
    }

    const test::TempDir dir_;
    const std::string path_ = dir_.file("registry.txt");
    const LastGoodCopy copy_{dir_.file("copy.txt"), "file " + path_};
};

TEST_F(FollowerFallbackTest, doesNotBeginWithoutAny) {
    const std::string error = messageOf<UserDataSourceError>([this] { follower(false, false); });
    EXPECT_EQ(path_ + ":1: ", error.substr(0, path_.size() + 4));
}

TEST_F(FollowerFallbackTest, beginsWithTheCopyUntilTheSourceIsGood) {
    const auto follower = this->follower(true, true);
    EXPECT_FALSE(follower->isClosed());
    EXPECT_EQ(Outcome::COPIED, follower->firstReport().outcome);
    EXPECT_EQ(path_ + ":1: ", follower->firstReport().error.substr(0, path_.size() + 4));
    EXPECT_TRUE(follower->registry().find(hwAddress("01")));
    EXPECT_LE(*follower->state().copied_at, std::chrono::system_clock::now());
    EXPECT_EQ(Outcome::UNCHANGED, follower->follow().outcome);
    writeFile(path_, "bad in another way\n");
    EXPECT_EQ(Outcome::FAILED, follower->follow().outcome);
    EXPECT_TRUE(follower->registry().find(hwAddress("01")));
    EXPECT_TRUE(follower->state().copied_at);

    writeFile(path_, record("02"));
    const LoadReport report = follower->follow();
    EXPECT_EQ(Outcome::LOADED, report.outcome);
    EXPECT_FALSE(report.opened);
    EXPECT_FALSE(follower->registry().find(hwAddress("01")));
    EXPECT_TRUE(follower->registry().find(hwAddress("02")));
    EXPECT_FALSE(follower->state().copied_at);
}

TEST_F(FollowerFallbackTest, anEmptySourceReplacesTheCopy) {
    const auto follower = this->follower(true, false);
    writeFile(path_, "");
    EXPECT_EQ(Outcome::LOADED, follower->follow().outcome);
    EXPECT_EQ(0, follower->registry().size());
}

TEST_F(FollowerFallbackTest, isClosedUntilTheSourceIsGood) {
    const auto follower = this->follower(false, true);
    EXPECT_TRUE(follower->isClosed());
    EXPECT_EQ(Outcome::FAILED, follower->firstReport().outcome);
    EXPECT_EQ(Outcome::UNCHANGED, follower->follow().outcome);
    EXPECT_TRUE(follower->isClosed());
    writeFile(path_, "");
    const LoadReport report = follower->follow();
    EXPECT_EQ(Outcome::LOADED, report.outcome);
    EXPECT_TRUE(report.opened);
    EXPECT_FALSE(follower->isClosed());
    writeFile(path_, "bad\n");
    EXPECT_EQ(Outcome::FAILED, follower->follow().outcome);
    EXPECT_FALSE(follower->isClosed()) << "the last good registry is known now";
    writeFile(path_, record("02"));
    EXPECT_FALSE(follower->follow().opened);
}

TEST_F(FollowerFallbackTest, saysWhatIsWrongWithBoth) {
    writeFile(copy_.path(), "no copy\n");
    const std::string both = "; the copy cannot be used either: " + copy_.path() + ": ";
    const std::string error = messageOf<UserDataSourceError>([this] { follower(true, false); });
    EXPECT_NE(std::string::npos, error.find(both)) << error;
    EXPECT_NE(std::string::npos, follower(true, true)->firstReport().error.find(both));
}

TEST_F(FollowerFallbackTest, aGoodSourceGoesBeforeTheCopy) {
    writeFile(path_, record("02"));
    const auto follower = this->follower(true, true);
    EXPECT_EQ(Outcome::LOADED, follower->firstReport().outcome);
    EXPECT_FALSE(follower->isClosed());
    EXPECT_FALSE(follower->registry().find(hwAddress("01")));
}

} // namespace
} // namespace user_chk::follower_fallback_test
