// SPDX-License-Identifier: MPL-2.0
// Tests PageAllocator: arrays of each size are usable, and large ones do not affect the heap.

#include <system/page_allocator.h>

#include <malloc.h>

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace user_chk::page_allocator_test {
namespace {

typedef std::vector<uint32_t, PageAllocator<uint32_t>> Numbers;

Numbers numbersTo(uint32_t count) {
    Numbers numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

TEST(PageAllocatorTest, arraysOfAnySizeHoldWhatIsPutIntoThem) {
    for (const uint32_t bytes : {0u, 4u, 65532u, 65536u, 65540u, 4194300u, 4194304u, 4194308u, 9999996u}) {
        const Numbers numbers = numbersTo(bytes / 4);
        for (uint32_t i = 0; i < numbers.size(); ++i) {
            ASSERT_EQ(i, numbers[i]) << bytes;
        }
    }
}

TEST(PageAllocatorTest, hugeArraysBeginWhereAHugePageMay) {
    EXPECT_EQ(0u, reinterpret_cast<uintptr_t>(numbersTo(3 << 20).data()) % (2 << 20));
}

TEST(PageAllocatorTest, largeArraysAreNotOfTheHeap) {
    numbersTo(16); // makes sure that there is a heap
    const struct mallinfo2 before = ::mallinfo2();
    const Numbers large = numbersTo(65536 / 4);
    const Numbers huge = numbersTo(10 << 20);
    const struct mallinfo2 after = ::mallinfo2();
    EXPECT_EQ(before.uordblks, after.uordblks);
    EXPECT_EQ(before.hblkhd, after.hblkhd);
}

TEST(PageAllocatorTest, arraysThatGrowKeepWhatTheyHave) {
    Numbers numbers;
    for (uint32_t i = 0; i < 3000000; ++i) {
        numbers.push_back(i);
    }
    EXPECT_EQ(numbersTo(3000000), numbers);
}

} // namespace
} // namespace user_chk::page_allocator_test
