// SPDX-License-Identifier: MPL-2.0
// Tests the formatting of times.

#include <system/utc_time.h>

#include <gtest/gtest.h>

namespace user_chk::utc_time_test {
namespace {

TEST(UtcTimeTest, isWrittenInUtcWithMilliseconds) {
    const std::chrono::system_clock::time_point epoch;
    EXPECT_EQ("1970-01-01T00:00:00.000Z", utcText(epoch));
    EXPECT_EQ("2026-11-30T12:00:00.007Z", utcText(epoch + std::chrono::milliseconds(1796040000007)));
}

} // namespace
} // namespace user_chk::utc_time_test
