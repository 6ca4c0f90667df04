// SPDX-License-Identifier: MPL-2.0
// Lets a test check that no file stays open.

#ifndef USER_CHK_TESTS_SUPPORT_OPEN_FILES_H
#define USER_CHK_TESTS_SUPPORT_OPEN_FILES_H

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace user_chk {
namespace test {

// Fails the test when, at the end of its lifetime, this process has more or fewer open files than before.
class OpenFiles {
public:
    OpenFiles() : before_(count()) {}
    ~OpenFiles() { EXPECT_EQ(before_, count()) << "files that are open"; }
    OpenFiles(const OpenFiles&) = delete;
    OpenFiles& operator=(const OpenFiles&) = delete;

private:
    static std::ptrdiff_t count() {
        const std::filesystem::directory_iterator open("/proc/self/fd");
        return std::distance(begin(open), end(open));
    }

    const std::ptrdiff_t before_;
};

} // namespace test
} // namespace user_chk

#endif // USER_CHK_TESTS_SUPPORT_OPEN_FILES_H
