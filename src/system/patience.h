// SPDX-License-Identifier: MPL-2.0
// Defines Patience, which limits the total time that an operation waits for others.

#ifndef USER_CHK_SYSTEM_PATIENCE_H
#define USER_CHK_SYSTEM_PATIENCE_H

#include <chrono>
#include <thread>

namespace user_chk {

/// @brief Waits for others until a deadline. Immutable, so any thread may use it.
class Patience {
public:
    /// @brief The clock that it uses.
    typedef std::chrono::steady_clock Clock;

    /// @brief How long it waits between two checks.
    static constexpr std::chrono::microseconds PAUSE{500};

    /// @brief Starts the time limit now.
    explicit Patience(std::chrono::nanoseconds limit) : end_(Clock::now() + limit) {}

    /// @brief Returns the deadline.
    Clock::time_point end() const { return end_; }

    /// @brief True when the deadline has passed.
    bool isOver() const { return Clock::now() >= end_; }

    /// @brief Asks, at least once, until the answer is yes. Returns false when the deadline passed first.
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
