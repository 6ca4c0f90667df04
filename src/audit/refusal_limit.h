// SPDX-License-Identifier: MPL-2.0
// Defines RefusalLimit: of one client one refusal a minute is recorded.

#ifndef USER_CHK_AUDIT_REFUSAL_LIMIT_H
#define USER_CHK_AUDIT_REFUSAL_LIMIT_H

#include <audit/recent_clients.h>
#include <identity/id_tag.h>

#include <chrono>
#include <cstdint>
#include <mutex>

namespace user_chk {

/// @brief Tells which refusals are recorded: one a minute of a client, as far as it is remembered, for which
/// it takes 768 KiB. May be used by any thread.
class RefusalLimit {
public:
    /// @brief True when none of a client was recorded within the last minute; then this one is.
    ///
    /// @param id the client
    /// @param now when it was refused
    bool take(const UserId& id, std::chrono::system_clock::time_point now) {
        constexpr unsigned A_MINUTE = 60;
        const uint64_t hash = HashOfId()(id);
        const auto second = static_cast<uint64_t>(
            std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto ago = recorded_.take(hash, second);
        const bool is_new = !ago || *ago >= A_MINUTE;
        recorded_.put(hash, is_new ? second : second - *ago);
        return is_new;
    }

private:
    std::mutex mutex_;
    RecentClients<uint64_t, 32> recorded_; // a time that does not begin anew, or some would go unrecorded
};

} // namespace user_chk

#endif // USER_CHK_AUDIT_REFUSAL_LIMIT_H
