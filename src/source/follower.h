// SPDX-License-Identifier: MPL-2.0
// Defines Follower, which keeps a registry up to date with its source.

#ifndef USER_CHK_SOURCE_FOLLOWER_H
#define USER_CHK_SOURCE_FOLLOWER_H

#include <registry/registry.h>
#include <source/last_good_copy.h>
#include <source/source.h>
#include <system/published.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace user_chk {

/// @brief The result of following the source, for the operator's log.
struct LoadReport {
    /// @brief The kind of result.
    enum class Outcome {
        UNCHANGED, ///< nothing to report
        LOADED,    ///< a new content is in force
        COPIED,    ///< the source is missing or bad, and its last good copy is in force
        FAILED     ///< the source is missing or bad, which was not reported yet
    };

    /// @brief The kind of result.
    Outcome outcome = Outcome::UNCHANGED;

    /// @brief Why it failed: `FILE: REASON` or `FILE:LINE: REASON`.
    std::string error;

    /// @brief Whether there was no registry before.
    bool opened = false;

    /// @brief Remarks for the operator on users that are new or changed.
    std::vector<Remark> remarks;

    /// @brief The first bad records among those that are new and were skipped.
    std::vector<BadRecord> skipped;

    /// @brief The number of bad records that are new and were skipped.
    size_t skipped_now = 0;

    /// @brief The number of users that changed without a full load.
    size_t changes = 0;

    /// @brief Whether all users were loaded.
    bool everything = false;

    /// @brief How long the source was unavailable, if that was reported.
    std::chrono::seconds away{0};

    /// @brief Whether the source has another history than before.
    bool other_history = false;

    /// @brief Why others could change the file; empty if that reason is the same as at the last load.
    std::string exposure;

    /// @brief Turns this into a report of a failure.
    void fail(const std::string& reason) {
        outcome = Outcome::FAILED;
        error = reason;
    }
};

/// @brief What to start with when the source is missing or bad. Without either of these, the start fails.
struct Fallback {
    /// @brief Reads the last good copy, or throws a CopyError. May be empty.
    std::function<LastGoodCopy::Content()> copy;

    /// @brief Whether to start with no registry until the source is good, when there is no good copy either.
    bool nobody = false;
};

/// @brief Keeps a registry up to date with a source. Nothing else changes the registry.
///
/// Any number of threads may call follow(). When the source has changed, one of them reads the changes, and
/// the others wait for it; otherwise follow() costs as much as Source::isUnchanged(). A source that becomes
/// missing or bad leaves the registry as it was.
///
/// The follower has a thread (see inBackground()). It folds changes of the registry into a new base, and
/// follows the source when queries do not. After the first load, only this thread reads a slow source; no
/// query waits for that, and follow() does nothing. For another source, the thread has a lower priority than
/// the server's. While it reads, commands and reconfigurations wait for it.
class Follower {
public:
    /// @brief How long a change may go unnoticed when the thread follows the source.
    static constexpr std::chrono::milliseconds INTERVAL{500};

    /// @brief How long reload() waits for a slow source.
    static constexpr std::chrono::seconds RELOAD_PATIENCE{2};

    /// @brief Loads the source for the first time. For a slow source, the copy is loaded first, so that the
    /// source has to deliver only the changes.
    ///
    /// @param source the source
    /// @param fallback what to start with when the source is missing or bad
    /// @param most_changes the number of changes above which they are folded into a new base
    /// @throw UserDataSourceError when the source is missing or bad, and there is nothing to start with.
    explicit Follower(std::unique_ptr<Source> source, const Fallback& fallback = Fallback(),
                      size_t most_changes = Registry::MOST_CHANGES);

    ~Follower() { stop(); }
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;

    /// @brief Lets the thread follow the source, at intervals. Call it only once.
    ///
    /// @param tell takes the results; called by the thread
    void followBeside(std::function<void(const LoadReport&)> tell);

    /// @brief Ends the thread, after the load that may be in progress.
    void stop();

    /// @brief Brings the registry up to date with the source.
    ///
    /// After it returns, the registry has a content that the source had after follow() was called, or the
    /// last good content if that one is bad. Errors of the source do not throw.
    LoadReport follow() { return source_->isUnchanged() ? LoadReport() : takeChange(); }

    /// @brief The first half of follow(), for a caller that has already checked the source's watch. True when
    /// there is a change to take.
    ///
    /// @param quiet what the watch just reported
    bool hasChanged(bool quiet) { return !source_->isUnchanged(quiet); }

    /// @brief The second half of follow().
    LoadReport takeChange();

    /// @brief Checks the source now, whether or not it seems changed; otherwise like follow(). A slow source
    /// is read as by reread(), and the thread reports the result.
    ///
    /// @throw UserDataSourceError when a slow source takes longer than @ref RELOAD_PATIENCE.
    LoadReport reload();

    /// @brief Reads the whole source again, whether or not it changed, since attributes may have a new
    /// meaning. For a slow source, the thread does so and reports the result.
    LoadReport reread();

    /// @brief Changes a user in the source, see Source::edit(). The next follow() puts the change in force.
    Edited edit(const Edit& edit, const Patience& patience) {
        return source_->edit(edit, registry_, patience);
    }

    /// @brief The state of the source.
    struct State {
        std::chrono::system_clock::time_point loaded_at; ///< When the users in force were loaded.
        std::chrono::milliseconds load_took{0};          ///< How long that took.
        std::string error; ///< What is wrong with the source, empty for nothing.

        /// When the copy was written, while the copy is in force.
        std::optional<std::chrono::system_clock::time_point> copied_at;
    };

    /// @brief True until there is a registry: the source has not been good yet, and there was no copy.
    bool isClosed() const { return closed_; }

    /// @brief Returns the state of the source when it was last checked.
    State state() const { return *state_.get(); }

    /// @brief Returns the report of the first load.
    const LoadReport& firstReport() const { return first_report_; }

    /// @brief The users in force.
    const Registry& registry() const { return registry_; }

    /// @brief The source.
    const Source& source() const { return *source_; }

private:
    void askFirst(const Fallback& fallback);
    std::optional<LastGoodCopy::Content> putCopyInForce(const Fallback& fallback, std::string& reason);
    uint64_t wantAll();
    void wakeThread();
    void awaitWork(std::unique_lock<std::mutex>& lock);
    void begin();
    LoadReport ask();
    LoadReport askSlow(bool reads_all);
    void take(News&& news, LoadReport& report, std::chrono::steady_clock::time_point started);
    void run();

    const std::unique_ptr<Source> source_;
    const size_t most_changes_;
    Registry registry_;
    Published<State> state_;
    std::string exposure_; // as last reported

    std::mutex mutex_; // guards asking_; not locked while the source is unchanged, never held during I/O
    std::condition_variable asked_;
    bool asking_ = false;

    std::atomic<bool> closed_{true};
    LoadReport first_report_;

    std::mutex thread_mutex_; // guards what follows
    std::condition_variable wake_;
    bool stop_ = false;
    bool fold_ = false;
    uint64_t all_wanted_ = 0; // how often the thread was asked to read a slow source
    uint64_t all_read_ = 0;   // how often it did so
    std::condition_variable all_was_read_;
    std::function<void(const LoadReport&)> tell_; // empty when queries follow the source
    std::thread thread_;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_FOLLOWER_H
