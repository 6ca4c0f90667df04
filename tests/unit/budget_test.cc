// SPDX-License-Identifier: MPL-2.0
// Tests Budget.

#include <system/budget.h>

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace user_chk::budget_test {
namespace {

std::time_t now = 0;
std::time_t theTime() {
    return now;
}

TEST(BudgetTest, eachMinuteHasItsOwn) {
    now = 6000;
    Budget budget(2, theTime);
    EXPECT_EQ(0u, budget.take());
    EXPECT_EQ(0u, budget.take());
    EXPECT_FALSE(budget.take());
    now += 59;
    EXPECT_FALSE(budget.take());
    now += 1;
    EXPECT_EQ(2u, budget.take()) << "how many were left out";
    EXPECT_EQ(0u, budget.take());
    EXPECT_FALSE(budget.take());
}

TEST(BudgetTest, whatWasNotNeededIsNotSaved) {
    now = 0;
    Budget budget(1, theTime);
    EXPECT_EQ(0u, budget.take());
    now += 600;
    EXPECT_EQ(0u, budget.take());
    EXPECT_FALSE(budget.take());
}

TEST(BudgetTest, threadsShareItAndEachOfTheirWishesIsCounted) {
    constexpr int THREADS = 4;
    constexpr int WISHES = 20000;
    now = 60;
    Budget budget(60, theTime);
    std::atomic<int> taken{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < THREADS; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < WISHES; ++n) {
                taken += budget.take() ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(60, taken);
    now += 60;
    // A thread with a permit also learns how many refusals there were meanwhile. None is lost here, since
    // nobody was refused before the budget was used up.
    EXPECT_EQ(uint64_t(THREADS) * WISHES - 60, budget.take());
}

TEST(BudgetTest, hasAClockOfItsOwn) {
    Budget budget(1);
    EXPECT_EQ(0u, budget.take());
    Budget nothing(0);
    EXPECT_FALSE(nothing.take());
}

} // namespace
} // namespace user_chk::budget_test
