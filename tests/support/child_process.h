// SPDX-License-Identifier: MPL-2.0
// Lets a test run code in a separate process: as another user, or with system calls that fail.

#ifndef USER_CHK_TESTS_SUPPORT_CHILD_PROCESS_H
#define USER_CHK_TESTS_SUPPORT_CHILD_PROCESS_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>

namespace user_chk {
namespace test {

// Runs a function in a child of this process, which must have only one thread.
class ChildProcess {
public:
    template <typename Function>
    explicit ChildProcess(const Function& function) : pid_(::fork()) {
        if (pid_ == 0) {
            ::_exit(run(function));
        }
    }
    ~ChildProcess() { succeeds(); }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    // Waits for the child. Returns false when it threw, failed an expectation or was killed.
    bool succeeds() {
        if (pid_ > 0) {
            int status = -1;
            ::waitpid(pid_, &status, 0);
            succeeded_ = status == 0;
            pid_ = -1;
        }
        return succeeded_;
    }

private:
    template <typename Function>
    static int run(const Function& function) {
        try {
            function();
        } catch (const std::exception& ex) {
            std::fprintf(stderr, "%s\n", ex.what());
            return 2;
        }
        std::fflush(nullptr);
        return testing::Test::HasFailure() ? 1 : 0;
    }

    pid_t pid_;
    bool succeeded_ = false;
};

// From now on this process runs as an ordinary user.
inline void becomeNobody() {
    constexpr unsigned NOBODY = 65534;
    ASSERT_EQ(0, ::setgid(NOBODY));
    ASSERT_EQ(0, ::setuid(NOBODY));
}

constexpr uint32_t ANY_ARGUMENT = UINT32_MAX;

// From now on a system call of this process fails if its first argument is the given one.
inline void failSystemCall(long number, int error, uint32_t argument = ANY_ARGUMENT) {
    const auto load = [](size_t offset) {
        return sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset));
    };
    const uint8_t other_argument = argument == ANY_ARGUMENT ? 0 : 1;
    std::array<sock_filter, 6> program = {{
        load(offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(number), 0, 3),
        load(offsetof(seccomp_data, args)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, argument, 0, other_argument),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<uint32_t>(error)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter = {static_cast<unsigned short>(program.size()), program.data()};
    ASSERT_EQ(0, ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    ASSERT_EQ(0, ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter));
}

} // namespace test
} // namespace user_chk

#endif // USER_CHK_TESTS_SUPPORT_CHILD_PROCESS_H
