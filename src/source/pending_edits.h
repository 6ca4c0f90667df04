// SPDX-License-Identifier: MPL-2.0
// Defines PendingEdits, which passes changes of users to the thread that talks to the database, and results
// back.

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

/// @brief Passes changes from the threads that wait for them to the thread that makes them.
///
/// A waiting thread always learns the outcome. A change that was not about to be committed when the waiting
/// thread runs out of patience is never made. If it was, the error message says so. Any thread may call all
/// functions.
class PendingEdits {
public:
    /// @brief A change and its state.
    class Job;

    /// @brief Has a change made, and waits until it is in force.
    ///
    /// @param edit the change
    /// @param patience how long to wait
    /// @param wake notifies the other thread
    /// @return the result.
    /// @throw UserDataSourceError with the reason when the change was not made, may not have been made, or is
    /// not in force.
    Edited await(const Edit& edit, const Patience& patience, const std::function<void()>& wake);

    /// @brief Takes the first change that is still waiting; a null pointer when there is none.
    std::shared_ptr<Job> take();

    /// @brief Returns the change of a job.
    static const Edit& editOf(const Job& job);

    /// @brief True when a change may be committed, which the caller does next; false when nobody waits for it
    /// any longer.
    bool mayCommit(Job& job);

    /// @brief Notes the database's decision on a change. The waiting thread is told when the change is in
    /// force.
    void decided(const std::shared_ptr<Job>& job, Edited edited);

    /// @brief Notes that everything decided() is in force.
    void inForce();

    /// @brief Notes that a change failed. If it was about to be committed, it is not known whether it was
    /// made.
    ///
    /// @param job the change
    /// @param reason the reason
    /// @param is_certain whether it is certain nevertheless that nothing changed
    void fail(Job& job, const std::string& reason, bool is_certain);

    /// @brief Fails all changes, because the database does not answer.
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
