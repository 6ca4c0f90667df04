// SPDX-License-Identifier: MPL-2.0
// Tests CopyKeeper: when it writes copies, and that it forgets no change.

#include <source/copy_keeper.h>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace user_chk::copy_keeper_test {
namespace {

// A keeper, and what it did. What must not happen is checked when the keeper has ended.
class CopyKeeperTest : public testing::Test {
protected:
    void start(std::chrono::milliseconds interval) {
        keeper_ = std::make_unique<CopyKeeper>(
            [this] {
                spendProcessorTime();
                ++written_;
                if (!reason_.empty()) {
                    throw std::runtime_error(reason_);
                }
            },
            [this](const std::string& reason, bool is_new) {
                failures_.emplace_back(reason, is_new);
                ++failed_;
            },
            interval);
    }

    void spendProcessorTime() const {
        const std::clock_t begin = std::clock();
        while (static_cast<double>(std::clock() - begin) < spends_ * CLOCKS_PER_SEC) {
        }
    }

    static void await(const std::atomic<int>& count, int number) {
        const auto end = std::chrono::steady_clock::now() + 30s;
        while (count < number) {
            ASSERT_LT(std::chrono::steady_clock::now(), end);
            std::this_thread::sleep_for(1ms);
        }
    }

    std::atomic<int> written_{0};
    std::atomic<int> failed_{0};
    std::string reason_; // why writing fails
    double spends_ = 0;  // seconds of processor time that writing takes
    std::vector<std::pair<std::string, bool>> failures_;
    std::unique_ptr<CopyKeeper> keeper_; // must be the last member
};

TEST_F(CopyKeeperTest, writesAfterAChangeOnceItHasBegun) {
    start(1ms);
    keeper_->begin();
    keeper_->changed();
    await(written_, 1);
    keeper_->changed();
    await(written_, 2);
    keeper_.reset();
    EXPECT_EQ(2, written_) << "nothing has changed since";
}

TEST_F(CopyKeeperTest, writesNothingBeforeItHasBegun) {
    start(1ms);
    keeper_->changed();
    keeper_.reset();
    EXPECT_EQ(0, written_);
}

TEST_F(CopyKeeperTest, writesWhatHadChangedWhenItBegins) {
    start(1ms);
    keeper_->changed();
    keeper_->begin();
    await(written_, 1);
}

TEST_F(CopyKeeperTest, writesManyChangesAsOneAndTheLastOneAtTheEnd) {
    start(1h);
    keeper_->begin();
    keeper_->changed();
    await(written_, 1);
    for (int i = 0; i < 1000; ++i) {
        keeper_->changed();
    }
    EXPECT_EQ(1, written_);
    keeper_.reset();
    EXPECT_EQ(2, written_);
}

TEST_F(CopyKeeperTest, writesWhatTakesMuchProcessorTimeSeldom) {
    spends_ = 0.1;
    start(1ms);
    keeper_->begin();
    keeper_->changed();
    await(written_, 1);
    keeper_->changed();
    std::this_thread::sleep_for(500ms); // of 20 seconds
    EXPECT_EQ(1, written_);
    keeper_.reset();
    EXPECT_EQ(2, written_);
}

TEST_F(CopyKeeperTest, triesAgainAndTellsAReasonOnce) {
    reason_ = "full";
    start(1ms);
    keeper_->begin();
    keeper_->changed();
    await(failed_, 3);
    keeper_.reset();
    ASSERT_GE(failures_.size(), 3);
    for (size_t i = 0; i < failures_.size(); ++i) {
        EXPECT_EQ("full", failures_[i].first);
        EXPECT_EQ(i == 0, failures_[i].second) << i;
    }
}

} // namespace
} // namespace user_chk::copy_keeper_test
