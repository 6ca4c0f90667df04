// SPDX-License-Identifier: MPL-2.0
// Defines Patience, which limits how long something waits for others, all its waits together.

#ifndef USER_CHK_SYSTEM_PATIENCE_H
#define USER_CHK_SYSTEM_PATIENCE_H

#include <chrono>
#include <thread>

namespace user_chk {

/// @brief Waits for others, until a time. Unsynchronized, but never changed.
class Patience {
public:
    /// @brief By what it measures time.
    typedef std::chrono::steady_clock Clock;

    /// @brief How long it waits before it asks again.
    static constexpr std::chrono::microseconds PAUSE{500};

    /// @brief Begins now.
    explicit Patience(std::chrono::nanoseconds limit) : end_(Clock::now() + limit) {}

    /// @brief When it ends.
    Clock::time_point end() const { return end_; }

    /// @brief True when it has ended.
    bool isOver() const { return Clock::now() >= end_; }

    /// @brief Asks, at least once, until the answer is yes; false when that did not come in time.
    template <typename Question>
    bool await(const Question& question) const {
        while (!question()) {
            if (isOver()) {
                return false;
            }
            std::this_thread::sleep_for(PAUSE);
        }
        return true;
    }

private:
    const Clock::time_point end_;
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_PATIENCE_H
