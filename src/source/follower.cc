// SPDX-License-Identifier: MPL-2.0
// Implements Follower.

#include <source/follower.h>

#include <system/background_thread.h>
#include <user_data_source.h>

#include <exception>
#include <utility>

namespace user_chk {

using Clock = std::chrono::steady_clock;

namespace {

// Counts the users that really differ: a line may only have moved.
size_t countOf(const UserTable& changes, const Users& before) {
    const auto setOf = [](const std::optional<UserTable::Entry>& entry) {
        return entry && entry->set != nullptr ? entry->set->get() : nullptr;
    };
    size_t count = 0;
    changes.forEach([&](const UserId& id, const UserTable::Entry& entry) {
        count += setOf(entry) != setOf(before.entryOf(id)) ? 1 : 0;
    });
    return count;
}

} // namespace

Follower::Follower(std::unique_ptr<Source> source, const Fallback& fallback, size_t most_changes)
    : source_(std::move(source)), most_changes_(most_changes), state_(std::make_shared<State>()) {
    askFirst(fallback);
    // On a busy server, one that talks with a database must still be in time for it and for commands.
    thread_ = inBackground([this] { run(); }, source_->isSlow() ? Priority::SAME : Priority::LOWER);
}

// For a slow source, the copy is put in force first, so that the source has to deliver only the changes.
void Follower::askFirst(const Fallback& fallback) {
    std::string no_copy;
    std::optional<LastGoodCopy::Content> copy;
    if (source_->isSlow()) {
        copy = putCopyInForce(fallback, no_copy);
        if (copy) {
            source_->resume(copy->cursor);
        }
    }
    begin();
    first_report_ = ask();
    if (first_report_.outcome != LoadReport::Outcome::FAILED) {
        return;
    }
    if (!source_->isSlow()) {
        copy = putCopyInForce(fallback, no_copy);
    }
    if (copy) {
        closed_ = false;
        State state = *state_.get();
        state.copied_at = copy->written;
        state_.set(std::make_shared<State>(std::move(state)));
        first_report_.outcome = LoadReport::Outcome::COPIED;
        return;
    }
    if (!no_copy.empty()) {
        first_report_.error += "; the copy cannot be used either: " + no_copy;
    }
    if (!fallback.nobody) {
        isc_throw(UserDataSourceError, first_report_.error);
    }
}

// Returns none when there should be no copy, or the copy cannot be used; sets the reason.
std::optional<LastGoodCopy::Content> Follower::putCopyInForce(const Fallback& fallback, std::string& reason) {
    if (!fallback.copy) {
        return std::nullopt;
    }
    try {
        LastGoodCopy::Content copy = fallback.copy();
        registry_.replace(copy.users);
        return copy;
    } catch (const CopyError& ex) {
        reason = ex.what();
        return std::nullopt;
    }
}

void Follower::stop() {
    if (!thread_.joinable()) {
        return;
    }
    {
        const std::lock_guard<std::mutex> lock(thread_mutex_);
        stop_ = true;
    }
    source_->stop();
    wakeThread();
    thread_.join();
}

void Follower::followBeside(std::function<void(const LoadReport&)> tell) {
    {
        const std::lock_guard<std::mutex> lock(thread_mutex_);
        tell_ = std::move(tell);
    }
    wakeThread();
}

void Follower::wakeThread() {
    wake_.notify_all();
    source_->wake();
}

// Asks the thread to read the whole slow source. Returns the value of all_read_ at which that is done.
uint64_t Follower::wantAll() {
    uint64_t number = 0;
    {
        const std::lock_guard<std::mutex> lock(thread_mutex_);
        number = ++all_wanted_;
    }
    wakeThread();
    return number;
}

LoadReport Follower::takeChange() {
    do {
        std::unique_lock<std::mutex> lock(mutex_);
        if (!asking_) {
            asking_ = true;
            lock.unlock();
            return ask();
        }
        // The read in progress may have begun before this call, so check again when it is done.
        asked_.wait(lock, [this] { return !asking_; });
    } while (!source_->isUnchanged());
    return LoadReport();
}

LoadReport Follower::reload() {
    if (!source_->isSlow()) {
        begin();
        return ask();
    }
    const uint64_t number = wantAll();
    std::unique_lock<std::mutex> lock(thread_mutex_);
    if (!all_was_read_.wait_for(lock, RELOAD_PATIENCE, [&] { return all_read_ >= number; })) {
        isc_throw(UserDataSourceError, source_->name() << ": is being read, which takes longer than "
                                                       << RELOAD_PATIENCE.count() << " seconds");
    }
    return LoadReport();
}

LoadReport Follower::reread() {
    if (source_->isSlow()) {
        wantAll();
        return LoadReport();
    }
    begin();
    source_->forget();
    return ask();
}

// Waits until no other thread reads the source, and claims it.
void Follower::begin() {
    std::unique_lock<std::mutex> lock(mutex_);
    asked_.wait(lock, [this] { return !asking_; });
    asking_ = true;
}

// Run by one thread at a time: the one that set asking_.
LoadReport Follower::ask() {
    // However this ends, it releases the waiting threads.
    const std::shared_ptr<void> finish(nullptr, [this](void*) {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            asking_ = false;
        }
        asked_.notify_all();
    });
    LoadReport report;
    const auto started = Clock::now();
    source_->poll(*registry_.users(), [&](News&& news) { take(std::move(news), report, started); });
    const std::string exposure = source_->exposure();
    if (exposure != exposure_) {
        report.exposure = exposure_ = exposure;
    }
    return report;
}

void Follower::take(News&& news, LoadReport& report, Clock::time_point started) {
    State state = *state_.get();
    if (news.what == News::What::FAILURE) {
        report.fail(news.error);
        state.error = news.error;
        state_.set(std::make_shared<State>(std::move(state)));
        return;
    }
    if (news.what == News::What::NOTHING && state.error.empty()) {
        return;
    }
    if (news.what == News::What::EVERYTHING) {
        registry_.replace(news.users);
        report.everything = true;
    } else if (news.what == News::What::CHANGES && news.users->size() != 0) {
        report.changes = countOf(*news.users, *registry_.users());
        registry_.apply(*news.users);
    }
    report.outcome = LoadReport::Outcome::LOADED;
    report.opened = closed_.exchange(false);
    report.remarks = std::move(news.remarks);
    report.skipped = std::move(news.skipped);
    report.skipped_now = news.skipped_now;
    report.away = news.away;
    report.other_history = news.other_history;
    state_.set(std::make_shared<State>(State{
        std::chrono::system_clock::now(),
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started), "", std::nullopt}));
    if (registry_.wantsFolding(most_changes_)) {
        const std::lock_guard<std::mutex> lock(thread_mutex_);
        fold_ = true;
        wake_.notify_all();
        source_->wake();
    }
}

// Waits until there is something to do, or it is time to check the source.
void Follower::awaitWork(std::unique_lock<std::mutex>& lock) {
    const auto is_wanted = [this] { return stop_ || fold_; };
    if (!tell_) {
        wake_.wait(lock, [&] { return is_wanted() || tell_; });
    } else if (!source_->isSlow()) {
        wake_.wait_for(lock, INTERVAL, is_wanted);
    } else if (!is_wanted() && all_wanted_ == all_read_) {
        lock.unlock();
        source_->await();
        lock.lock();
    }
}

void Follower::run() {
    std::unique_lock<std::mutex> lock(thread_mutex_);
    for (;;) {
        awaitWork(lock);
        if (stop_) {
            return;
        }
        const bool folds = std::exchange(fold_, false);
        const bool reads_all = all_wanted_ != all_read_;
        const uint64_t number = all_wanted_;
        const auto tell = tell_;
        lock.unlock();
        try {
            if (folds) {
                registry_.fold();
            }
            if (tell) {
                tell(source_->isSlow() ? askSlow(reads_all) : follow());
            }
        } catch (...) {
            // The report could not be logged, or memory ran out. The next round goes on.
        }
        lock.lock();
        if (tell && number != all_read_) {
            all_read_ = number;
            all_was_read_.notify_all();
        }
    }
}

LoadReport Follower::askSlow(bool reads_all) {
    begin();
    if (reads_all) {
        source_->forget();
    }
    return ask();
}

} // namespace user_chk
