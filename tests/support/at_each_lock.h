// SPDX-License-Identifier: MPL-2.0
// Lets a test act each time a file is about to be locked.

#ifndef USER_CHK_TESTS_SUPPORT_AT_EACH_LOCK_H
#define USER_CHK_TESTS_SUPPORT_AT_EACH_LOCK_H

#include <functional>

namespace user_chk {
namespace test {

// During its lifetime, each flock() of the process calls a function first. Only one at a time, in a test with
// one thread.
class AtEachLock {
public:
    explicit AtEachLock(std::function<void()> function);
    ~AtEachLock();
    AtEachLock(const AtEachLock&) = delete;
    AtEachLock& operator=(const AtEachLock&) = delete;

    // Calls the function, and locks.
    static int lock(int fd, int operation);

private:
    static const AtEachLock* living;

    const std::function<void()> function_;
};

} // namespace test
} // namespace user_chk

#endif // USER_CHK_TESTS_SUPPORT_AT_EACH_LOCK_H
