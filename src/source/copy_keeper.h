// SPDX-License-Identifier: MPL-2.0
// Defines CopyKeeper, the thread that saves the last good copy when the registry has changed.

#ifndef USER_CHK_SOURCE_COPY_KEEPER_H
#define USER_CHK_SOURCE_COPY_KEEPER_H

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace user_chk {

/// @brief Writes a copy after changes: at most once in an interval, and seldom enough that even large copies
/// take little processor time. A failed write is retried after the same pause.
class CopyKeeper {
public:
    /// @brief The minimum interval between copies.
    static constexpr std::chrono::seconds INTERVAL{10};

    /// @brief The pause after a copy, as a multiple of the processor time that the copy took.
    static constexpr int REST = 200;

    /// @brief Writes a copy of the users in force at the time of the call. Throws an std::exception with the
    /// reason on failure.
    typedef std::function<void()> Write;

    /// @brief Takes the reason why a copy could not be written, and whether it differs from the last one.
    typedef std::function<void(const std::string& reason, bool is_new)> Failed;

    /// @brief Starts the thread (see inBackground()), which waits for begin().
    CopyKeeper(Write write, Failed failed, std::chrono::milliseconds interval = INTERVAL);

    /// @brief Writes a last copy if there were changes, and ends the thread.
    ~CopyKeeper();

    CopyKeeper(const CopyKeeper&) = delete;
    CopyKeeper& operator=(const CopyKeeper&) = delete;

    /// @brief Starts to write copies, if changed() was or will be called.
    void begin();

    /// @brief Notes that the users in force have changed. Any thread may call it; it does not wait for a
    /// copy.
    void changed();

private:
    void run();
    bool write();

    const Write write_;
    const Failed failed_;
    const std::chrono::milliseconds interval_;
    std::string error_; // of the last attempt; used by the thread only

    std::mutex mutex_; // guards what follows; not held while a copy is written
    std::condition_variable wake_;
    bool begun_ = false;
    bool due_ = false;
    bool stop_ = false;
    std::thread thread_;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_COPY_KEEPER_H
