// SPDX-License-Identifier: MPL-2.0
// Defines RecentClients, which remembers in little memory when each of many clients was seen last.

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

/// @brief Remembers of some 98,000 clients when they were seen. Each is known by some bits of its hash:
/// those that tell its bucket, and those that a word has beside the time. The oldest of those that share a
/// bucket make room. Not thread-safe.
///
/// @tparam Word what is kept of a client
/// @tparam TIME_BITS how many bits of that are a time in seconds, which begins anew when they are used up
template <typename Word, unsigned TIME_BITS>
class RecentClients {
public:
    RecentClients() : buckets_(BUCKETS) {}

    /// @brief Forgets a client.
    ///
    /// @param hash of the client, all of whose bits differ between clients
    /// @param second of now
    /// @return how many seconds ago it was seen, as far as TIME_BITS tell; nothing when that is not known.
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

    /// @brief Remembers a client that is not remembered.
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

    // The newest first; 0 for none.
    typedef std::array<Word, WAYS> Bucket;

    Bucket& bucketOf(uint64_t hash) { return buckets_[hash % BUCKETS]; }

    // Never 0.
    static Word printOf(uint64_t hash) {
        return std::max<Word>(static_cast<Word>(hash >> (64 - WORD_BITS + TIME_BITS)), 1);
    }

    std::vector<Bucket> buckets_;
};

/// @brief Remembers who was seen within four minutes, in 384 KiB. By 38 bits of a hash a client is taken for
/// another one once in two million times.
typedef RecentClients<uint32_t, 8> Newcomers;

} // namespace user_chk

#endif // USER_CHK_AUDIT_RECENT_CLIENTS_H
