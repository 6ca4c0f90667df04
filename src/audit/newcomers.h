// SPDX-License-Identifier: MPL-2.0
// Defines Newcomers, which remembers in little memory who was seen not long ago.

#ifndef USER_CHK_AUDIT_NEWCOMERS_H
#define USER_CHK_AUDIT_NEWCOMERS_H

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace user_chk {

/// @brief Remembers of some 130,000 clients when they were seen, in 512 KiB. Each is known by 38 bits of its
/// hash, so that a client is taken for another one once in two million times. The oldest of those that share
/// a bucket make room. Not thread-safe.
class Newcomers {
public:
    Newcomers() : buckets_(BUCKETS) {}

    /// @brief Forgets a client.
    ///
    /// @param hash of the client, all of whose bits differ between clients
    /// @param second of now
    /// @return how many seconds ago it was seen, up to 255; nothing when that is not known.
    std::optional<unsigned> take(uint64_t hash, uint64_t second) {
        Bucket& bucket = bucketOf(hash);
        const auto found = std::find_if(bucket.begin(), bucket.end(),
                                        [&](uint32_t one) { return one >> TIME_BITS == printOf(hash); });
        if (found == bucket.end()) {
            return std::nullopt;
        }
        const unsigned ago = (static_cast<uint32_t>(second) - *found) & TIME_MASK;
        std::copy(found + 1, bucket.end(), found);
        bucket.back() = 0;
        return ago;
    }

    /// @brief Remembers a client that is not remembered.
    void put(uint64_t hash, uint64_t second) {
        Bucket& bucket = bucketOf(hash);
        std::copy_backward(bucket.begin(), bucket.end() - 1, bucket.end());
        bucket.front() = printOf(hash) << TIME_BITS | (static_cast<uint32_t>(second) & TIME_MASK);
    }

private:
    static constexpr size_t BUCKETS = 16384;
    static constexpr size_t WAYS = 8;
    static constexpr unsigned TIME_BITS = 8;
    static constexpr uint32_t TIME_MASK = (1U << TIME_BITS) - 1;

    // The newest first; 0 for none.
    typedef std::array<uint32_t, WAYS> Bucket;

    Bucket& bucketOf(uint64_t hash) { return buckets_[hash % BUCKETS]; }

    // Never 0.
    static uint32_t printOf(uint64_t hash) {
        return std::max<uint32_t>(static_cast<uint32_t>(hash >> (64 - 24)), 1);
    }

    std::vector<Bucket> buckets_;
};

} // namespace user_chk

#endif // USER_CHK_AUDIT_NEWCOMERS_H
