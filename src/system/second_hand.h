// SPDX-License-Identifier: MPL-2.0
// Defines SecondHand, which tells one of many threads that another second has begun.

#ifndef USER_CHK_SYSTEM_SECOND_HAND_H
#define USER_CHK_SYSTEM_SECOND_HAND_H

#include <atomic>
#include <ctime>

namespace user_chk {

/// @brief Lets what need not be done for each packet be done once a second. May be asked by any thread.
class SecondHand {
public:
    /// @brief True for the first call in each second, and for the very first.
    bool isNew() {
        // A tenth of the price of the exact time.
        struct timespec now;
        ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
        return second_ != now.tv_sec && second_.exchange(now.tv_sec) != now.tv_sec;
    }

private:
    std::atomic<std::time_t> second_{-1};
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_SECOND_HAND_H
