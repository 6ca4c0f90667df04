// SPDX-License-Identifier: MPL-2.0
// Tests SecondHand.

#include <system/budget.h>

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace user_chk::second_hand_test {
namespace {

// A period longer than any machine's uptime.
constexpr std::time_t AGES = 1000000000;

TEST(SecondHandTest, tellsOnceInItsPeriod) {
    SecondHand every_second;
    SecondHand once_in_ages(AGES);
    EXPECT_TRUE(every_second.isNew());
    EXPECT_TRUE(once_in_ages.isNew());
    EXPECT_FALSE(once_in_ages.isNew());
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    EXPECT_TRUE(every_second.isNew());
    EXPECT_FALSE(once_in_ages.isNew());
}

} // namespace
} // namespace user_chk::second_hand_test
