// SPDX-License-Identifier: MPL-2.0
// Tests Published.

#include <system/published.h>

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace user_chk::published_test {
namespace {

TEST(PublishedTest, givesWhatWasSetLast) {
    Published<int> value(std::make_shared<int>(1));
    const std::shared_ptr<const int> first = value.get();
    value.set(std::make_shared<int>(2));
    EXPECT_EQ(1, *first);
    EXPECT_EQ(2, *value.get());
}

TEST(PublishedTest, letsGoOfWhatNobodyHolds) {
    Published<int> value(std::make_shared<int>(1));
    const std::weak_ptr<const int> first = value.get();
    EXPECT_FALSE(first.expired());
    value.set(std::make_shared<int>(2));
    EXPECT_TRUE(first.expired());
}

// A deleted value, or a mixture of two, would not have the same number throughout.
TEST(PublishedTest, readersNeverSeeAValueThatIsGoneOrOlderThanOneTheySaw) {
    typedef std::array<int, 64> Value;
    const auto filledWith = [](int number) {
        const auto value = std::make_shared<Value>();
        value->fill(number);
        return value;
    };
    Published<Value> published(filledWith(0));
    std::atomic<bool> stop{false};
    std::atomic<int> wrong{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&] {
            int last = 0;
            while (!stop) {
                const std::shared_ptr<const Value> value = published.get();
                wrong += value->front() < last || value->front() != value->back() ? 1 : 0;
                last = value->front();
            }
        });
    }
    for (int i = 1; i <= 5000; ++i) {
        published.set(filledWith(i));
    }
    stop = true;
    for (std::thread& reader : readers) {
        reader.join();
    }
    EXPECT_EQ(0, wrong);
}

} // namespace
} // namespace user_chk::published_test
