// SPDX-License-Identifier: MPL-2.0
// Lets a test mount a file system that no other process sees.

#ifndef USER_CHK_TESTS_SUPPORT_PRIVATE_MOUNT_H
#define USER_CHK_TESTS_SUPPORT_PRIVATE_MOUNT_H

#include <sched.h>
#include <sys/mount.h>

#include <string>

namespace user_chk {
namespace test {

// Mounts an empty in-memory file system over a directory, for this process only. The process must have only
// one thread, and run as root.
class PrivateMount {
public:
    PrivateMount(const std::string& directory, const char* type)
        : directory_(directory), done_(::unshare(CLONE_NEWNS) == 0 &&
                                       ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                                       ::mount("none", directory.c_str(), type, 0, nullptr) == 0) {}
    ~PrivateMount() {
        if (done_) {
            ::umount2(directory_.c_str(), MNT_DETACH);
        }
    }
    PrivateMount(const PrivateMount&) = delete;
    PrivateMount& operator=(const PrivateMount&) = delete;

    bool done() const { return done_; }

private:
    const std::string directory_;
    const bool done_;
};

} // namespace test
} // namespace user_chk

#endif // USER_CHK_TESTS_SUPPORT_PRIVATE_MOUNT_H
