// SPDX-License-Identifier: MPL-2.0
// Implements AtEachLock with a flock() that overrides the C library's.

#include <support/at_each_lock.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

namespace user_chk {
namespace test {

const AtEachLock* AtEachLock::living = nullptr;

AtEachLock::AtEachLock(std::function<void()> function) : function_(std::move(function)) {
    living = this;
}

AtEachLock::~AtEachLock() {
    living = nullptr;
}

int AtEachLock::lock(int fd, int operation) {
    if (living != nullptr) {
        living->function_();
    }
    return static_cast<int>(::syscall(SYS_flock, fd, operation));
}

} // namespace test
} // namespace user_chk

extern "C" int flock(int fd, int operation) noexcept {
    return user_chk::test::AtEachLock::lock(fd, operation);
}
