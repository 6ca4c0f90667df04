// SPDX-License-Identifier: MPL-2.0
// Implements CopyKeeper.

#include <source/copy_keeper.h>

#include <system/background_thread.h>

#include <algorithm>
#include <ctime>
#include <exception>
#include <utility>

namespace user_chk {

using Clock = std::chrono::steady_clock;

namespace {

// Returns the processor time of this thread so far.
std::chrono::nanoseconds processorTime() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace

CopyKeeper::CopyKeeper(Write write, Failed failed, std::chrono::milliseconds interval)
    : write_(std::move(write)), failed_(std::move(failed)), interval_(interval) {
    thread_ = inBackground([this] { run(); }, Priority::LOWER);
}

CopyKeeper::~CopyKeeper() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

void CopyKeeper::begin() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        begun_ = true;
    }
    wake_.notify_all();
}

void CopyKeeper::changed() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        due_ = true;
    }
    wake_.notify_all();
}

void CopyKeeper::run() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (auto next = Clock::now();;) {
        wake_.wait(lock, [this] { return stop_ || (begun_ && due_); });
        wake_.wait_until(lock, next, [this] { return stop_; });
        const bool is_last = stop_;
        if (begun_ && due_) {
            due_ = false;
            lock.unlock();
            const auto before = processorTime();
            const bool written = write();
            const auto rest = REST * (processorTime() - before);
            lock.lock();
            due_ = due_ || !written;
            next = Clock::now() + std::max<Clock::duration>(interval_, rest);
        }
        if (is_last) {
            return;
        }
    }
}

bool CopyKeeper::write() {
    try {
        write_();
        error_.clear();
        return true;
    } catch (const std::exception& ex) {
        const bool is_new = error_ != ex.what();
        try {
            error_ = ex.what();
            failed_(error_, is_new);
        } catch (...) {
            // The failure could not be reported. The next attempt goes on.
        }
        return false;
    }
}

} // namespace user_chk
