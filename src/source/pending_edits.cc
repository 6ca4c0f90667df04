// SPDX-License-Identifier: MPL-2.0
// Implements PendingEdits.

#include <source/pending_edits.h>

#include <user_data_source.h>

#include <exceptions/exceptions.h>

#include <utility>

namespace user_chk {

// The mutex of PendingEdits guards everything but the edit.
class PendingEdits::Job {
public:
    enum class Stage { NOT_MADE, COMMITTING, COMMITTED };

    explicit Job(Edit change) : edit(std::move(change)) {}

    // Returns the reason why it is not complete.
    std::string reasonAt(const std::string& reason) const {
        switch (stage) {
        case Stage::NOT_MADE:
            return reason + "; nothing was changed";
        case Stage::COMMITTING:
            return reason + "; it is not known whether the user was changed";
        default:
            return reason + "; the user was changed, but the change is not in force here yet";
        }
    }

    const Edit edit;
    Stage stage = Stage::NOT_MADE;
    bool is_left = false; // the waiting thread has given up
    bool is_done = false;
    Edited edited = Edited::DONE;
    std::string error; // instead of a result
};

Edited PendingEdits::await(const Edit& edit, const Patience& patience, const std::function<void()>& wake) {
    const auto job = std::make_shared<Job>(edit);
    std::unique_lock<std::mutex> lock(mutex_);
    waiting_.push_back(job);
    lock.unlock();
    wake();
    lock.lock();
    if (!ended_.wait_until(lock, patience.end(), [&] { return job->is_done; })) {
        job->is_left = true;
        isc_throw(UserDataSourceError, job->reasonAt("does not answer in time"));
    }
    if (!job->error.empty()) {
        isc_throw(UserDataSourceError, job->error);
    }
    return job->edited;
}

std::shared_ptr<PendingEdits::Job> PendingEdits::take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.empty()) {
        return nullptr;
    }
    std::shared_ptr<Job> job = std::move(waiting_.front());
    waiting_.pop_front();
    return job;
}

const Edit& PendingEdits::editOf(const Job& job) {
    return job.edit;
}

bool PendingEdits::mayCommit(Job& job) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!job.is_left) {
        job.stage = Job::Stage::COMMITTING;
    }
    return !job.is_left;
}

void PendingEdits::decided(const std::shared_ptr<Job>& job, Edited edited) {
    const std::lock_guard<std::mutex> lock(mutex_);
    job->edited = edited;
    job->stage = edited == Edited::DONE ? Job::Stage::COMMITTED : Job::Stage::NOT_MADE;
    decided_.push_back(job);
}

void PendingEdits::inForce() {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& job : std::exchange(decided_, {})) {
        end(*job);
    }
}

void PendingEdits::fail(Job& job, const std::string& reason, bool is_certain) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (is_certain) {
        job.stage = Job::Stage::NOT_MADE;
    }
    job.error = job.reasonAt(reason);
    end(job);
}

void PendingEdits::failAll(const std::string& reason) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto* jobs : {&waiting_, &decided_}) {
        for (const auto& job : std::exchange(*jobs, {})) {
            job->error = job->reasonAt(reason);
            end(*job);
        }
    }
}

// Must be called with the mutex held.
void PendingEdits::end(Job& job) {
    job.is_done = true;
    ended_.notify_all();
}

} // namespace user_chk
