// SPDX-License-Identifier: MPL-2.0
// Defines SecondHand and Budget, which let so much be done in a time.

#ifndef USER_CHK_SYSTEM_BUDGET_H
#define USER_CHK_SYSTEM_BUDGET_H

#include <atomic>
#include <cstdint>
#include <ctime>
#include <optional>

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

/// @brief Keeps what others can make us do, such as to write into the log, from being done without end. May
/// be asked by any thread, and waits for none.
class Budget {
public:
    /// @brief What tells the seconds.
    typedef std::time_t (*Seconds)();

    /// @brief Makes one that allows for so much in each minute since the clock began.
    ///
    /// @param a_minute how much
    /// @param seconds tells the time
    explicit Budget(uint32_t a_minute, Seconds seconds = secondsSinceBoot)
        : a_minute_(a_minute), seconds_(seconds) {}

    /// @brief Asks whether something may be done.
    ///
    /// @return how often it was to be left out since it was last done; none when it is to be left out now.
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
    std::atomic<uint64_t> state_{
        0}; // the minute, and how much was done in it, in one so that they change as one
    std::atomic<uint64_t> left_out_{0};
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_BUDGET_H
