// SPDX-License-Identifier: MPL-2.0
// Tests the hash of bytes.

#include <system/hash.h>

#include <gtest/gtest.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <set>
#include <string>

namespace user_chk::hash_test {
namespace {

TEST(HashTest, isTheSameForTheSameBytes) {
    EXPECT_EQ(hashOf("abcdef"), hashOf(std::string("abcdef")));
}

TEST(HashTest, cannotBeComputedByOthers) {
    const std::string bytes = "abcdef";
    EXPECT_NE(XXH3_64bits(bytes.data(), bytes.size()), hashOf(bytes));
}

// The index of clients takes the lowest bits, the memory of those that were pushed out takes the highest too.
TEST(HashTest, spreadsNeighborsOverTheLowestAndTheHighestBits) {
    constexpr size_t CLIENTS = 1000;
    std::set<uint64_t> lowest, highest;
    for (size_t number = 0; number < CLIENTS; ++number) {
        const std::string mac = {2, 0, 0, 0, static_cast<char>(number >> 8), static_cast<char>(number)};
        lowest.insert(hashOf(mac) & 0xffff);
        highest.insert(hashOf(mac) >> 48);
    }
    EXPECT_LT(CLIENTS - 50, lowest.size());
    EXPECT_LT(CLIENTS - 50, highest.size());
}

} // namespace
} // namespace user_chk::hash_test
