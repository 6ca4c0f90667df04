// SPDX-License-Identifier: MPL-2.0
// Defines inBackground(), which starts the threads that work beside the processing of packets.

#ifndef USER_CHK_SYSTEM_BACKGROUND_THREAD_H
#define USER_CHK_SYSTEM_BACKGROUND_THREAD_H

#include <pthread.h>
#include <sys/resource.h>

#include <csignal>
#include <thread>
#include <utility>

namespace user_chk {

/// @brief The priority of a thread beside those that process packets.
enum class Priority {
    SAME, ///< the server's
    LOWER ///< about a tenth of the time of another thread when all processors are busy; it cannot be raised
};

/// @brief Starts a thread that receives no signals.
///
/// @param work what the thread does
/// @param priority LOWER for long work that no query waits for
/// @throw std::system_error when there can be no more threads.
template <typename Work>
std::thread inBackground(Work work, Priority priority) {
    constexpr int NICER = 10; // see setpriority(2)
    struct SignalsBlocked {   // a thread begins with the mask of the one that starts it
        SignalsBlocked() {
            sigset_t all;
            ::sigfillset(&all);
            ::pthread_sigmask(SIG_SETMASK, &all, &before);
        }
        ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before, nullptr); }
        SignalsBlocked(const SignalsBlocked&) = delete;
        SignalsBlocked& operator=(const SignalsBlocked&) = delete;
        sigset_t before = {};
    };
    const SignalsBlocked blocked;
    return std::thread([work = std::move(work), priority]() mutable {
        if (priority == Priority::LOWER) {
            // On Linux, this concerns the calling thread only. It is always allowed.
            ::setpriority(PRIO_PROCESS, 0, ::getpriority(PRIO_PROCESS, 0) + NICER);
        }
        work();
    });
}

} // namespace user_chk

#endif // USER_CHK_SYSTEM_BACKGROUND_THREAD_H
