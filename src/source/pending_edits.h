// SPDX-License-Identifier: MPL-2.0
// Defines PendingEdits: changes of users on their way to the thread that talks to the database, and back.

#ifndef USER_CHK_SOURCE_PENDING_EDITS_H
#define USER_CHK_SOURCE_PENDING_EDITS_H

#include <source/source.h>
#include <system/patience.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace user_chk {

/// @brief Hands changes over from threads that wait for them to one that makes them.
///
/// A thread that waits always learns how it stands: a change that was not begun for good when the patience is
/// over is never made; and of one that was, the reason says so. All functions may be called from any thread.
class PendingEdits {
public:
    /// @brief A change, and how it stands with it.
    class Job;

    /// @brief Has a change made, and waits until it is in force.
    ///
    /// @param edit the change
    /// @param patience with it
    /// @param wake tells the other thread that there is something to do
    /// @return what became of it.
    /// @throw UserDataSourceError with the reason why it was not made, is not known to be, or is not in
    /// force.
    Edited await(const Edit& edit, const Patience& patience, const std::function<void()>& wake);

    /// @brief Takes the first of the changes that are not taken yet, to make it; a null pointer when there is
    /// none.
    std::shared_ptr<Job> take();

    /// @brief The change of a job.
    static const Edit& editOf(const Job& job);

    /// @brief True when a change may be made for good, which is about to be done; false when nobody waits for
    /// it any more.
    bool mayCommit(Job& job);

    /// @brief The database has decided on a change; the thread that waits for it is told when that is in
    /// force.
    void decided(const std::shared_ptr<Job>& job, Edited edited);

    /// @brief What was decided() is in force.
    void inForce();

    /// @brief A change failed. Where it was about to be made for good, it is not known whether it was.
    ///
    /// @param job the change
    /// @param reason why
    /// @param is_certain whether nothing was changed even so
    void fail(Job& job, const std::string& reason, bool is_certain);

    /// @brief The database does not answer: fails all.
    void failAll(const std::string& reason);

private:
    void end(Job& job);

    std::mutex mutex_; // guards what follows, and the jobs
    std::condition_variable ended_;
    std::deque<std::shared_ptr<Job>> waiting_;
    std::deque<std::shared_ptr<Job>> decided_;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_PENDING_EDITS_H
