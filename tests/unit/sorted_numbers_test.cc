// SPDX-License-Identifier: MPL-2.0
// Tests that numbers are sorted by their keys, however the keys are distributed.

#include <registry/sorted_numbers.h>

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>

namespace user_chk::sorted_numbers_test {
namespace {

// Keys of sixteen bytes or more.
class Texts {
public:
    explicit Texts(std::vector<std::string> texts) : texts_(std::move(texts)) {}

    size_t size() const { return texts_.size(); }

    template <typename Visit>
    void forEach(const Visit& visit) const {
        for (uint32_t number = 0; number < texts_.size(); ++number) {
            visit(number);
        }
    }

    KeyBeginning beginningOf(uint32_t number) const {
        return {half(texts_[number].substr(0, 8)), half(texts_[number].substr(8, 8))};
    }

    bool isBefore(uint32_t one, uint32_t other) const { return texts_[one] < texts_[other]; }
    void fetch(uint32_t) const {}

    const std::string& operator[](uint32_t number) const { return texts_[number]; }

private:
    static uint64_t half(const std::string& bytes) {
        uint64_t number = 0;
        for (const char byte : bytes) {
            number = number << 8 | static_cast<uint8_t>(byte);
        }
        return number;
    }

    const std::vector<std::string> texts_;
};

// A given number of keys, each created by a function, are sorted.
void expectOrdered(size_t count, const std::function<std::string(std::minstd_rand&)>& make) {
    std::minstd_rand random(7);
    std::vector<std::string> texts;
    for (size_t i = 0; i < count; ++i) {
        texts.push_back(make(random));
    }
    const Texts keys(texts);
    std::sort(texts.begin(), texts.end());
    std::vector<std::string> found;
    for (const uint32_t number : SortedNumbers<Texts>(keys).sorted()) {
        found.push_back(keys[number]);
    }
    EXPECT_EQ(texts, found) << count;
}

std::string bytes(std::minstd_rand& random, size_t count) {
    std::string made;
    for (size_t i = 0; i < count; ++i) {
        made += static_cast<char>(random() >> 8);
    }
    return made;
}

TEST(SortedNumbersTest, areInTheOrderOfTheirKeys) {
    for (const size_t count : {0, 1, 2, 4095, 4096, 4097, 30000}) {
        expectOrdered(count, [](std::minstd_rand& random) { return bytes(random, 20); });
    }
}

TEST(SortedNumbersTest, areSoWhereKeysBeginAlike) {
    for (const size_t alike : {7, 8, 12, 16}) {
        expectOrdered(20000, [alike](std::minstd_rand& random) {
            return std::string(alike, 'x') + bytes(random, 20 - alike);
        });
    }
}

TEST(SortedNumbersTest, areSoWhereMostKeysAreTheSame) {
    expectOrdered(20000, [](std::minstd_rand& random) {
        return random() % 100 != 0 ? std::string(20, 'x') : bytes(random, 20);
    });
    expectOrdered(20000, [](std::minstd_rand&) { return std::string(20, '\xff'); });
}

} // namespace
} // namespace user_chk::sorted_numbers_test
