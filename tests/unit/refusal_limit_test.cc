// SPDX-License-Identifier: MPL-2.0
// Tests that the recorded refusals of a client are limited to one a minute.

#include <audit/refusal_limit.h>

#include <gtest/gtest.h>

#include <cstdint>

namespace user_chk::refusal_limit_test {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

const system_clock::time_point START(seconds(1795318354));

// Of many clients, some find no room in the part that their hashes share. With this seed, it is the same ones
// in each run.
constexpr HashOfId HASH_OF{1};

UserId client(uint32_t number) {
    std::vector<uint8_t> bytes = {2, 0};
    for (const int shift : {24, 16, 8, 0}) {
        bytes.push_back(static_cast<uint8_t>(number >> shift));
    }
    return UserId(UserId::HW_ADDRESS, bytes);
}

TEST(RefusalLimitTest, takesOneAMinuteOfAClient) {
    RefusalLimit limit;
    EXPECT_TRUE(limit.take(client(1), START));
    EXPECT_FALSE(limit.take(client(1), START));
    EXPECT_TRUE(limit.take(client(2), START)) << "another client";
    EXPECT_FALSE(limit.take(client(1), START + seconds(59)));
    EXPECT_TRUE(limit.take(client(1), START + seconds(60)));
    EXPECT_FALSE(limit.take(client(1), START + seconds(119))) << "a minute after the last that was recorded";
    EXPECT_TRUE(limit.take(client(1), START + seconds(120)));
}

// As clients without an answer do: every few minutes.
TEST(RefusalLimitTest, takesEachOfThoseThatAreAMinuteApartOrMore) {
    RefusalLimit limit(HASH_OF);
    for (int apart = 60; apart < 2000; ++apart) {
        const UserId one = client(static_cast<uint32_t>(apart));
        EXPECT_TRUE(limit.take(one, START));
        ASSERT_TRUE(limit.take(one, START + seconds(apart))) << apart << " seconds";
    }
}

TEST(RefusalLimitTest, takesOneAfterTheClockWasSetBack) {
    RefusalLimit limit;
    EXPECT_TRUE(limit.take(client(1), START));
    EXPECT_TRUE(limit.take(client(1), START - seconds(3600)));
    EXPECT_FALSE(limit.take(client(1), START - seconds(3590)));
}

TEST(RefusalLimitTest, remembersTensOfThousandsOfClients) {
    constexpr uint32_t MANY = 30000;
    RefusalLimit limit(HASH_OF);
    for (uint32_t number = 0; number < MANY; ++number) {
        EXPECT_TRUE(limit.take(client(number), START));
    }
    uint32_t again = 0;
    for (uint32_t number = 0; number < MANY; ++number) {
        again += limit.take(client(number), START + seconds(30)) ? 1 : 0;
    }
    EXPECT_GT(MANY / 100, again); // those that find their bucket full: 266 with this seed
}

} // namespace
} // namespace user_chk::refusal_limit_test
