// SPDX-License-Identifier: MPL-2.0
// Lets a test write to a file, or put another one in its place, right when it has been replaced.

#ifndef USER_CHK_TESTS_SUPPORT_LATE_WRITER_H
#define USER_CHK_TESTS_SUPPORT_LATE_WRITER_H

#include <system/file_descriptor.h>

#include <atomic>
#include <functional>
#include <string>

namespace user_chk {
namespace test {

// The next time that two files exchange their names, a writer opens this file for appending right before, and
// is called with it right afterwards. Something else may happen before that. Only one at a time.
class LateWriter {
public:
    LateWriter(
        std::string path, std::function<void(FileDescriptor)> write, std::function<void()> before = [] {});
    // Fails the test when the writer was not called.
    ~LateWriter();
    LateWriter(const LateWriter&) = delete;
    LateWriter& operator=(const LateWriter&) = delete;

    // Exchanges two names, and acts before and after.
    static int exchange(const std::function<int()>& system_call);

private:
    static std::atomic<LateWriter*> waiting;

    const std::string path_;
    const std::function<void(FileDescriptor)> write_;
    const std::function<void()> before_;
};

} // namespace test
} // namespace user_chk

#endif // USER_CHK_TESTS_SUPPORT_LATE_WRITER_H
