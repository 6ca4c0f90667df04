// SPDX-License-Identifier: MPL-2.0
// Defines RecentClients, which remembers when each of many clients was last seen, in little memory.

#ifndef USER_CHK_AUDIT_RECENT_CLIENTS_H
#define USER_CHK_AUDIT_RECENT_CLIENTS_H

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace user_chk {

/// @brief Remembers when some 98,000 clients were last seen.
///
/// A client is known by a part of its hash: some bits select its bucket, others are stored next to the time.
/// When a bucket is full, its oldest client is replaced. Not thread-safe.
///
/// @tparam Word what is stored for a client
/// @tparam TIME_BITS how many bits of a word hold the time in seconds, which wraps around
template <typename Word, unsigned TIME_BITS>
class RecentClients {
public:
    RecentClients() : buckets_(BUCKETS) {}

    /// @brief Forgets a client.
    ///
    /// @param hash a hash of the client in which all bits are significant
    /// @param second the current time
    /// @return how many seconds ago the client was seen, modulo what TIME_BITS can hold; none when it is not
    /// remembered.
    std::optional<unsigned> take(uint64_t hash, uint64_t second) {
        Bucket& bucket = bucketOf(hash);
        const auto found = std::find_if(bucket.begin(), bucket.end(),
                                        [&](Word one) { return one >> TIME_BITS == printOf(hash); });
        if (found == bucket.end()) {
            return std::nullopt;
        }
        const auto ago = static_cast<unsigned>((static_cast<Word>(second) - *found) & TIME_MASK);
        std::copy(found + 1, bucket.end(), found);
        bucket.back() = 0;
        return ago;
    }

    /// @brief Remembers a client that is not yet remembered.
    void put(uint64_t hash, uint64_t second) {
        Bucket& bucket = bucketOf(hash);
        std::copy_backward(bucket.begin(), bucket.end() - 1, bucket.end());
        bucket.front() = printOf(hash) << TIME_BITS | (static_cast<Word>(second) & TIME_MASK);
    }

private:
    static constexpr size_t BUCKETS = 16384;
    static constexpr size_t WAYS = 6;
    static constexpr unsigned WORD_BITS = std::numeric_limits<Word>::digits;
    static constexpr Word TIME_MASK = (Word(1) << TIME_BITS) - 1;

    // Newest first; 0 marks a free place.
    typedef std::array<Word, WAYS> Bucket;

    Bucket& bucketOf(uint64_t hash) { return buckets_[hash % BUCKETS]; }

    // Never 0, which marks a free place.
    static Word printOf(uint64_t hash) {
        return std::max<Word>(static_cast<Word>(hash >> (64 - WORD_BITS + TIME_BITS)), 1);
    }

    std::vector<Bucket> buckets_;
};

/// @brief Remembers which clients were seen within four minutes, in 384 KiB. It compares 38 bits of a hash,
/// so it mistakes a client for another one about once in two million times.
typedef RecentClients<uint32_t, 8> Newcomers;

} // namespace user_chk

#endif // USER_CHK_AUDIT_RECENT_CLIENTS_H
