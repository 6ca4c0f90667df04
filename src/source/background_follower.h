// SPDX-License-Identifier: MPL-2.0
// Defines BackgroundFollower, a thread that follows a registry file beside the packets.

#ifndef USER_CHK_SOURCE_BACKGROUND_FOLLOWER_H
#define USER_CHK_SOURCE_BACKGROUND_FOLLOWER_H

#include <source/registry_follower.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace user_chk {

/// @brief Calls RegistryFollower::follow() at intervals, in a thread of its own that takes no signals.
class BackgroundFollower {
public:
    /// @brief How long a change of the file may stay unseen.
    static constexpr std::chrono::milliseconds INTERVAL{500};

    /// @brief Starts the thread.
    ///
    /// @param follower whom to call; must outlive this object
    /// @param tell takes each report, in the thread; what it throws is lost
    /// @throw std::system_error when there can be no thread.
    BackgroundFollower(RegistryFollower& follower, std::function<void(const LoadReport&)> tell);

    /// @brief Ends the thread, after the load that may be under way.
    ~BackgroundFollower();

    BackgroundFollower(const BackgroundFollower&) = delete;
    BackgroundFollower& operator=(const BackgroundFollower&) = delete;

private:
    void run();
    LoadReport follow();

    RegistryFollower& follower_;
    const std::function<void(const LoadReport&)> tell_;
    std::mutex mutex_; // guards stop_
    std::condition_variable stopping_;
    bool stop_ = false;
    std::thread thread_;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_BACKGROUND_FOLLOWER_H
