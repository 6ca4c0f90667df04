// SPDX-License-Identifier: MPL-2.0
// Defines SortedNumbers, which sorts numbers by the long keys that they stand for.

#ifndef USER_CHK_REGISTRY_SORTED_NUMBERS_H
#define USER_CHK_REGISTRY_SORTED_NUMBERS_H

#include <system/page_allocator.h>

#include <boost/sort/spreadsort/integer_sort.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace user_chk {

/// @brief The first sixteen bytes of a key, as two big-endian numbers.
struct KeyBeginning {
    uint64_t high; ///< the first eight bytes
    uint64_t low;  ///< the next eight bytes
};

/// @brief Whether a key with this beginning sorts before another one, whatever follows. Has no branch, since
/// the processor could only guess its outcome.
inline bool operator<(const KeyBeginning& one, const KeyBeginning& other) {
    return static_cast<bool>(
        static_cast<int>(one.high < other.high) |
        (static_cast<int>(one.high == other.high) & static_cast<int>(one.low < other.low)));
}

/// @brief Sorts numbers by their keys.
///
/// The numbers are split into parts, and one part is sorted after the other. Together with the beginnings of
/// its keys, a part fits into the processor's cache, and sorting needs little memory. A sample of the keys
/// determines where the parts are split.
///
/// @tparam Keys has `size_t size()`, the number of numbers; `forEach(visit)`, which calls a function with
/// each, twice in the same order; `KeyBeginning beginningOf(number)`; `bool isBefore(number, number)`, which
/// compares whole keys; and `fetch(number)`, which prefetches a key
template <typename Keys>
class SortedNumbers {
public:
    /// @brief The numbers.
    typedef std::vector<uint32_t, PageAllocator<uint32_t>> Numbers;

    /// @brief Creates a sorter; the keys must outlive it.
    explicit SortedNumbers(const Keys& keys) : keys_(keys) {}

    /// @brief Returns the numbers in order.
    Numbers sorted() {
        const std::vector<KeyBeginning> cuts = cutsOfSample();
        Numbers numbers(keys_.size());
        std::vector<uint8_t, PageAllocator<uint8_t>> parts; // of each number
        parts.reserve(keys_.size());
        std::vector<size_t> ends(cuts.size() + 1); // first the sizes of the parts, then their ends
        keys_.forEach([&](uint32_t number) {
            const KeyBeginning beginning = keys_.beginningOf(number);
            size_t part = 0;
            for (const KeyBeginning& cut : cuts) {
                part += beginning < cut ? 0 : 1;
            }
            parts.push_back(static_cast<uint8_t>(part));
            ++ends[part];
        });
        std::partial_sum(ends.begin(), ends.end(), ends.begin());
        std::vector<size_t> next(1);
        next.insert(next.end(), ends.begin(), ends.end() - 1);
        size_t at = 0;
        keys_.forEach([&](uint32_t number) { numbers[next[parts[at++]]++] = number; });
        size_t begin = 0;
        for (const size_t end : ends) {
            sortPart(numbers.data() + begin, numbers.data() + end);
            begin = end;
        }
        return numbers;
    }

private:
    static constexpr size_t FEWEST_FOR_PARTS = 4096;
    static constexpr size_t PARTS = 16;
    static constexpr size_t SAMPLE = 64 * PARTS;

    struct Place {
        KeyBeginning beginning;
        uint32_t number;
    };

    std::vector<KeyBeginning> cutsOfSample() const {
        std::vector<KeyBeginning> sample;
        std::vector<KeyBeginning> cuts;
        if (keys_.size() < FEWEST_FOR_PARTS) {
            return cuts;
        }
        const size_t step = keys_.size() / SAMPLE;
        size_t left = 0;
        keys_.forEach([&](uint32_t number) {
            if (left == 0) {
                sample.push_back(keys_.beginningOf(number));
                left = step;
            }
            --left;
        });
        std::sort(sample.begin(), sample.end());
        for (size_t part = 1; part < PARTS; ++part) {
            cuts.push_back(sample[part * sample.size() / PARTS]);
        }
        return cuts;
    }

    void sortPart(uint32_t* begin, uint32_t* end) {
        constexpr ptrdiff_t AHEAD = 16;
        places_.clear();
        places_.reserve(static_cast<size_t>(end - begin));
        for (uint32_t* number = begin; number != end; ++number) {
            if (end - number > AHEAD) {
                keys_.fetch(number[AHEAD]);
            }
            places_.push_back({keys_.beginningOf(*number), *number});
        }
        const auto is_before = [this](const Place& one, const Place& other) {
            return one.beginning < other.beginning ||
                   (!(other.beginning < one.beginning) && keys_.isBefore(one.number, other.number));
        };
        // Sorts by the first half alone, with a radix sort; equal halves are sorted afterwards.
        boost::sort::spreadsort::integer_sort(
            places_.begin(), places_.end(),
            [](const Place& place, unsigned offset) { return place.beginning.high >> offset; }, is_before);
        for (auto first = places_.begin(); first != places_.end();) {
            const auto last = std::find_if(first, places_.end(), [&](const Place& place) {
                return place.beginning.high != first->beginning.high;
            });
            std::sort(first, last, is_before);
            first = last;
        }
        std::transform(places_.begin(), places_.end(), begin,
                       [](const Place& place) { return place.number; });
    }

    const Keys& keys_;
    std::vector<Place, PageAllocator<Place>> places_;
};

} // namespace user_chk

#endif // USER_CHK_REGISTRY_SORTED_NUMBERS_H
