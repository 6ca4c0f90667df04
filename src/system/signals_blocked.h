// SPDX-License-Identifier: MPL-2.0
// Defines SignalsBlocked, under which threads are started that must not receive signals.

#ifndef USER_CHK_SYSTEM_SIGNALS_BLOCKED_H
#define USER_CHK_SYSTEM_SIGNALS_BLOCKED_H

#include <pthread.h>

#include <csignal>

namespace user_chk {

/// @brief Blocks all signals in this thread during its lifetime. Threads that are started meanwhile never
/// receive any.
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

} // namespace user_chk

#endif // USER_CHK_SYSTEM_SIGNALS_BLOCKED_H
