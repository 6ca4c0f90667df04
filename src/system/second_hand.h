// SPDX-License-Identifier: MPL-2.0
// Defines SecondHand, which tells one of many threads that another second, or number of seconds, has begun.

#ifndef USER_CHK_SYSTEM_SECOND_HAND_H
#define USER_CHK_SYSTEM_SECOND_HAND_H

#include <atomic>
#include <ctime>

namespace user_chk {

/// @brief Lets what need not be done for each packet be done now and then. May be asked by any thread.
class SecondHand {
public:
    /// @brief Makes one that tells once in so many seconds.
    explicit SecondHand(std::time_t seconds = 1) : seconds_(seconds) {}

    /// @brief True for the very first call, and for the first one in each period since the clock began.
    bool isNew() {
        // A tenth of the price of the exact time.
        struct timespec now;
        ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
        const std::time_t period = now.tv_sec / seconds_;
        return period_ != period && period_.exchange(period) != period;
    }

private:
    const std::time_t seconds_;
    std::atomic<std::time_t> period_{-1};
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_SECOND_HAND_H
