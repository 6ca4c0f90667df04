// SPDX-License-Identifier: MPL-2.0
// Defines SecondHand and Budget, which limit how often something is done.

#ifndef USER_CHK_SYSTEM_BUDGET_H
#define USER_CHK_SYSTEM_BUDGET_H

#include <atomic>
#include <cstdint>
#include <ctime>
#include <optional>

namespace user_chk {

/// @brief Limits to once per period what need not be done for each packet. Any thread may use it.
class SecondHand {
public:
    /// @brief Creates a limit of once in so many seconds.
    explicit SecondHand(std::time_t seconds = 1) : seconds_(seconds) {}

    /// @brief True for the very first call, and for the first call in each period, counted from the start of
    /// the clock.
    bool isNew() {
        // This clock costs a tenth of the exact one.
        struct timespec now;
        ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
        const std::time_t period = now.tv_sec / seconds_;
        return period_ != period && period_.exchange(period) != period;
    }

private:
    const std::time_t seconds_;
    std::atomic<std::time_t> period_{-1};
};

/// @brief Limits what clients can trigger, such as log messages. Any thread may use it, without waiting.
class Budget {
public:
    /// @brief A function that returns a time in seconds.
    typedef std::time_t (*Seconds)();

    /// @brief Creates a budget per minute, counted from the start of the clock.
    ///
    /// @param a_minute how often something may be done in a minute
    /// @param seconds returns the time
    explicit Budget(uint32_t a_minute, Seconds seconds = secondsSinceBoot)
        : a_minute_(a_minute), seconds_(seconds) {}

    /// @brief Asks whether something may be done.
    ///
    /// @return how often it was refused since it was last permitted; none when it is refused now.
    std::optional<uint64_t> take() {
        const uint64_t minute = static_cast<uint32_t>(seconds_() / 60);
        uint64_t state = state_;
        uint64_t taken = 0;
        do {
            taken = state >> 32 == minute ? static_cast<uint32_t>(state) : 0;
            if (taken >= a_minute_) {
                ++left_out_;
                return std::nullopt;
            }
        } while (!state_.compare_exchange_weak(state, minute << 32 | (taken + 1)));
        return left_out_.exchange(0);
    }

private:
    static std::time_t secondsSinceBoot() {
        struct timespec now;
        ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
        return now.tv_sec;
    }

    const uint32_t a_minute_;
    const Seconds seconds_;
    std::atomic<uint64_t> state_{0}; // the minute and the count in one number, so that they change together
    std::atomic<uint64_t> left_out_{0};
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_BUDGET_H
