// SPDX-License-Identifier: MPL-2.0
// Defines RefusalLimit, which limits the recorded refusals of a client to one a minute.

#ifndef USER_CHK_AUDIT_REFUSAL_LIMIT_H
#define USER_CHK_AUDIT_REFUSAL_LIMIT_H

#include <audit/recent_clients.h>
#include <identity/id_tag.h>

#include <chrono>
#include <cstdint>
#include <mutex>

namespace user_chk {

/// @brief Decides which refusals are recorded: one per client and minute, for as many clients as it can
/// remember in 768 KiB. Any thread may use it.
class RefusalLimit {
public:
    /// @brief Creates one that remembers nobody.
    ///
    /// @param hash by which clients are told apart
    explicit RefusalLimit(HashOfId hash = {}) : hash_of_(hash) {}

    /// @brief True when no refusal of this client was recorded within the last minute. The caller then
    /// records this one.
    ///
    /// @param id the client
    /// @param now the time of the refusal
    bool take(const UserId& id, std::chrono::system_clock::time_point now) {
        constexpr unsigned A_MINUTE = 60;
        const uint64_t hash = hash_of_(id);
        const auto second = static_cast<uint64_t>(
            std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto ago = recorded_.take(hash, second);
        const bool is_new = !ago || *ago >= A_MINUTE;
        recorded_.put(hash, is_new ? second : second - *ago);
        return is_new;
    }

private:
    const HashOfId hash_of_;
    std::mutex mutex_;
    RecentClients<uint64_t, 32> recorded_; // no wraparound, or some refusals would go unrecorded
};

} // namespace user_chk

#endif // USER_CHK_AUDIT_REFUSAL_LIMIT_H
