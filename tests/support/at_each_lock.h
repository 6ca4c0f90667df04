// SPDX-License-Identifier: MPL-2.0
// Lets a test do something each time that a file is about to be locked.

#ifndef USER_CHK_TESTS_SUPPORT_AT_EACH_LOCK_H
#define USER_CHK_TESTS_SUPPORT_AT_EACH_LOCK_H

#include <functional>

namespace user_chk {
namespace test {

// While this lives, each flock() of the process calls a function first. One at a time, in a test of one
// thread.
class AtEachLock {
public:
    explicit AtEachLock(std::function<void()> function);
    ~AtEachLock();
    AtEachLock(const AtEachLock&) = delete;
    AtEachLock& operator=(const AtEachLock&) = delete;

    // Locks with what is to happen before.
    static int lock(int fd, int operation);

private:
    static const AtEachLock* living;

    const std::function<void()> function_;
};

} // namespace test
} // namespace user_chk

#endif // USER_CHK_TESTS_SUPPORT_AT_EACH_LOCK_H
