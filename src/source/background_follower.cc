// SPDX-License-Identifier: MPL-2.0
// Implements BackgroundFollower.

#include <source/background_follower.h>

#include <pthread.h>

#include <csignal>
#include <exception>
#include <utility>

namespace user_chk {

namespace {

// Blocks all signals for as long as it lives; a thread that is started meanwhile never takes any.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_ = {};
};

} // namespace

BackgroundFollower::BackgroundFollower(RegistryFollower& follower,
                                       std::function<void(const LoadReport&)> tell)
    : follower_(follower), tell_(std::move(tell)) {
    const SignalsBlocked blocked;
    thread_ = std::thread([this] { run(); });
}

BackgroundFollower::~BackgroundFollower() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        stop_ = true;
    }
    stopping_.notify_all();
    thread_.join();
}

void BackgroundFollower::run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stopping_.wait_for(lock, INTERVAL, [this] { return stop_; })) {
        lock.unlock();
        try {
            tell_(follow());
        } catch (...) {
            // The report could not be logged, and nor could this. The next round goes on.
        }
        lock.lock();
    }
}

LoadReport BackgroundFollower::follow() {
    try {
        return follower_.follow();
    } catch (const std::exception& ex) {
        LoadReport report;
        report.fail(ex.what());
        return report;
    }
}

} // namespace user_chk
