// SPDX-License-Identifier: MPL-2.0
// Defines CopyKeeper, the thread that has the last good copy written when the registry has changed.

#ifndef USER_CHK_SOURCE_COPY_KEEPER_H
#define USER_CHK_SOURCE_COPY_KEEPER_H

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace user_chk {

/// @brief Has a copy written after changes, at most once in an interval, and so seldom that the writing of
/// large ones takes little processor time; what fails is tried again as late.
class CopyKeeper {
public:
    /// @brief How often the copy may be written.
    static constexpr std::chrono::seconds INTERVAL{10};

    /// @brief How much longer than the processor time that a copy took none is written after it.
    static constexpr int REST = 200;

    /// @brief Writes the copy of the users who are in force when it is called. Throws an std::exception with
    /// the reason where that fails.
    typedef std::function<void()> Write;

    /// @brief Takes why a copy could not be written, and whether that is another reason than before.
    typedef std::function<void(const std::string& reason, bool is_new)> Failed;

    /// @brief Starts the thread, which takes no signals and waits for begin().
    CopyKeeper(Write write, Failed failed, std::chrono::milliseconds interval = INTERVAL);

    /// @brief Has what has changed since the last copy written, and ends the thread.
    ~CopyKeeper();

    CopyKeeper(const CopyKeeper&) = delete;
    CopyKeeper& operator=(const CopyKeeper&) = delete;

    /// @brief From now on copies are written, if changed() was called, or is.
    void begin();

    /// @brief The users in force have changed. Any thread may call it, and does not wait for a copy.
    void changed();

private:
    void run();
    bool write();

    const Write write_;
    const Failed failed_;
    const std::chrono::milliseconds interval_;
    std::string error_; // of the last attempt; the thread's

    std::mutex mutex_; // guards what follows, not held while a copy is written
    std::condition_variable wake_;
    bool begun_ = false;
    bool due_ = false;
    bool stop_ = false;
    std::thread thread_;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_COPY_KEEPER_H
