// SPDX-License-Identifier: MPL-2.0
// Tests Follower with its background thread.

#include <support/file_follower.h>
#include <support/temp_dir.h>

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <vector>

namespace user_chk::background_follower_test {
namespace {

using test::FileFollower;
using test::TempDir;
using test::writeFile;

class BackgroundFollowerTest : public testing::Test {
protected:
    BackgroundFollowerTest() { writeFile(path_, "{\"type\":\"DUID\",\"id\":\"01\"}\n"); }

    void tell(const LoadReport& report) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (report.outcome != LoadReport::Outcome::UNCHANGED) {
            told_.push_back(report);
        }
        told_anew_.notify_all();
    }

    // Waits until something was reported, much longer than that may take.
    LoadReport next() {
        std::unique_lock<std::mutex> lock(mutex_);
        told_anew_.wait_for(lock, std::chrono::seconds(20), [this] { return told_.size() > read_; });
        return told_.size() > read_ ? told_[read_++] : LoadReport();
    }

    TempDir dir_;
    const std::string path_ = dir_.file("registry.txt");
    std::mutex mutex_;
    std::condition_variable told_anew_;
    std::vector<LoadReport> told_;
    size_t read_ = 0;
};

TEST_F(BackgroundFollowerTest, loadsWhatChangesWithoutBeingCalled) {
    FileFollower follower(path_);
    follower.followBeside([this](const LoadReport& report) { tell(report); });
    writeFile(path_, "{\"type\":\"DUID\",\"id\":\"02\"}\n");
    EXPECT_EQ(LoadReport::Outcome::LOADED, next().outcome);
    EXPECT_TRUE(follower.registry().find(UserId(UserId::DUID, std::string("02"))));

    writeFile(path_, "bad\n");
    EXPECT_EQ(LoadReport::Outcome::FAILED, next().outcome);
    EXPECT_TRUE(follower.registry().find(UserId(UserId::DUID, std::string("02"))));
}

TEST_F(BackgroundFollowerTest, goesOnWhateverHappensWhileItTells) {
    FileFollower follower(path_);
    follower.followBeside([this](const LoadReport& report) {
        tell(report);
        if (report.outcome == LoadReport::Outcome::LOADED) {
            throw 7;
        }
    });
    writeFile(path_, "{\"type\":\"DUID\",\"id\":\"02\"}\n");
    EXPECT_EQ(LoadReport::Outcome::LOADED, next().outcome);
    writeFile(path_, "bad\n");
    EXPECT_EQ(LoadReport::Outcome::FAILED, next().outcome);
}

TEST_F(BackgroundFollowerTest, givesWayToTheThreadsOfTheServer) {
    const auto niceness = [] { return ::getpriority(PRIO_PROCESS, 0); };
    std::atomic<int> inside{niceness()};
    FileFollower follower(path_);
    follower.followBeside([&](const LoadReport& report) {
        inside = niceness();
        tell(report);
    });
    writeFile(path_, "{\"type\":\"DUID\",\"id\":\"02\"}\n");
    EXPECT_EQ(LoadReport::Outcome::LOADED, next().outcome);
    constexpr int NICEST = 19;
    EXPECT_GT(inside, std::min(niceness(), NICEST - 1)) << "it can be no nicer";
}

TEST_F(BackgroundFollowerTest, endsAtOnce) {
    for (int i = 0; i < 100; ++i) {
        FileFollower follower(path_);
        follower.followBeside([this](const LoadReport& report) { tell(report); });
    }
    EXPECT_TRUE(told_.empty());
}

} // namespace
} // namespace user_chk::background_follower_test
