// SPDX-License-Identifier: MPL-2.0
// Defines Follower, which keeps a registry true to its source.

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

/// @brief What following the source came to, for the operator's log.
struct LoadReport {
    /// @brief What it came to.
    enum class Outcome {
        UNCHANGED, ///< nothing to tell
        LOADED,    ///< a new content is in force
        COPIED,    ///< the source is missing or bad, and its last good copy is in force
        FAILED     ///< the source is missing or bad, and has not been reported as such yet
    };

    /// @brief What it came to.
    Outcome outcome = Outcome::UNCHANGED;

    /// @brief Why it failed: `FILE: REASON` or `FILE:LINE: REASON`.
    std::string error;

    /// @brief Whether it was not known before who is registered.
    bool opened = false;

    /// @brief What the operator should know of users who are new or changed.
    std::vector<Remark> remarks;

    /// @brief The first of the bad records that were not there before, and were left out.
    std::vector<BadRecord> skipped;

    /// @brief How many there are of these.
    size_t skipped_now = 0;

    /// @brief How many users were changed, without a full load.
    size_t changes = 0;

    /// @brief Whether all users were loaded.
    bool everything = false;

    /// @brief How long the source was away before, where that was told.
    std::chrono::seconds away{0};

    /// @brief Whether the source holds another history than before.
    bool other_history = false;

    /// @brief Why others could change the file, where that was not so, or for another reason, at the last
    /// load.
    std::string exposure;

    /// @brief Turns this into a report of a failure.
    void fail(const std::string& reason) {
        outcome = Outcome::FAILED;
        error = reason;
    }
};

/// @brief What to begin with where the source is missing or bad. With neither of these, with nothing.
struct Fallback {
    /// @brief Reads the last good copy, or throws a CopyError. May be empty.
    std::function<LastGoodCopy::Content()> copy;

    /// @brief Nobody, until the source is good; where there is no good copy either.
    bool nobody = false;
};

/// @brief Keeps a registry true to a source, and is the only one that changes it.
///
/// follow() may be called from any number of threads. When the source has changed, one of them asks it what
/// is new, and the others wait for that; when it has not, follow() costs what Source::isUnchanged() does. A
/// source that went missing or bad leaves the registry as it was.
///
/// A thread of its own, which takes no signals, folds the changes of a registry into a new base, and follows
/// the source where queries do not. A slow source is asked by it alone, after the first time; nobody waits
/// for that, and follow() does nothing.
class Follower {
public:
    /// @brief How long a change may stay unseen where the thread follows the source.
    static constexpr std::chrono::milliseconds INTERVAL{500};

    /// @brief How long reload() waits for a slow source.
    static constexpr std::chrono::seconds RELOAD_PATIENCE{2};

    /// @brief Asks the source for the first time. Of a slow source the copy is read before, so that it has to
    /// tell only what is new.
    ///
    /// @param source the source
    /// @param fallback what to begin with where it is missing or bad
    /// @param most_changes from how many changes on they are folded into a new base
    /// @throw UserDataSourceError when it is missing or bad, and there is nothing to begin with.
    explicit Follower(std::unique_ptr<Source> source, const Fallback& fallback = Fallback(),
                      size_t most_changes = Registry::MOST_CHANGES);

    ~Follower() { stop(); }
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;

    /// @brief Has the thread follow the source, at intervals. To be called once.
    ///
    /// @param tell takes what that came to, in the thread
    void followBeside(std::function<void(const LoadReport&)> tell);

    /// @brief Ends the thread, after the load that may be under way.
    void stop();

    /// @brief Makes the registry true to what the source holds now.
    ///
    /// After it returned, the registry is that of a content which the source had after follow() was called,
    /// or the last good one if that content is bad. Does not throw for anything that is wrong with the
    /// source.
    LoadReport follow() { return source_->isUnchanged() ? LoadReport() : takeChange(); }

    /// @brief The first half of follow(), where the watch of the source was asked already: true when there is
    /// something to take.
    ///
    /// @param quiet what the watch has just answered
    bool hasChanged(bool quiet) { return !source_->isUnchanged(quiet); }

    /// @brief The second half of follow().
    LoadReport takeChange();

    /// @brief Asks the source now, whether or not it seems to have changed; else as follow(). A slow source
    /// is read as by reread(), and the thread tells what that came to.
    ///
    /// @throw UserDataSourceError where a slow source takes longer than @ref RELOAD_PATIENCE.
    LoadReport reload();

    /// @brief Reads all of the source now, whether or not it has changed: attributes may mean something else
    /// than before. Of a slow source the thread does so, and tells what that came to.
    LoadReport reread();

    /// @brief Changes a user in the source, see Source::edit(). The next follow() brings that into force.
    Edited edit(const Edit& edit, const Patience& patience) {
        return source_->edit(edit, registry_, patience);
    }

    /// @brief How it stands with the source.
    struct State {
        std::chrono::system_clock::time_point loaded_at; ///< When the users in force were loaded.
        std::chrono::milliseconds load_took{0};          ///< How long that took.
        std::string error;                               ///< What is wrong with the source now.

        /// When the copy was written, as long as it is in force.
        std::optional<std::chrono::system_clock::time_point> copied_at;
    };

    /// @brief True when the source was not good yet, and there was no copy: it is not known who is
    /// registered.
    bool isClosed() const { return closed_; }

    /// @brief How it stands with the source, as it was asked last.
    State state() const { return *state_.get(); }

    /// @brief What the first load came to.
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
    std::string exposure_; // as it was reported last

    std::mutex mutex_; // guards asking_, not taken while the source is unchanged, never held over I/O
    std::condition_variable asked_;
    bool asking_ = false;

    std::atomic<bool> closed_{true};
    LoadReport first_report_;

    std::mutex thread_mutex_; // guards what follows
    std::condition_variable wake_;
    bool stop_ = false;
    bool fold_ = false;
    uint64_t all_wanted_ = 0; // how often a slow source was to be read by the thread
    uint64_t all_read_ = 0;   // and how often it was
    std::condition_variable all_was_read_;
    std::function<void(const LoadReport&)> tell_; // empty where queries follow the source
    std::thread thread_;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_FOLLOWER_H
