// SPDX-License-Identifier: MPL-2.0
// Implements LateWriter with a renameat2() that overrides the C library's.

#include <support/late_writer.h>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <cstdio>
#include <utility>

namespace user_chk {
namespace test {

std::atomic<LateWriter*> LateWriter::waiting{nullptr};

LateWriter::LateWriter(std::string path, std::function<void(FileDescriptor)> write,
                       std::function<void()> before)
    : path_(std::move(path)), write_(std::move(write)), before_(std::move(before)) {
    waiting = this;
}

LateWriter::~LateWriter() {
    EXPECT_EQ(nullptr, waiting.exchange(nullptr)) << "nothing was exchanged";
}

int LateWriter::exchange(const std::function<int()>& system_call) {
    const LateWriter* writer = waiting.exchange(nullptr);
    if (writer == nullptr) {
        return system_call();
    }
    FileDescriptor old(::open(writer->path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    writer->before_();
    const int result = system_call();
    writer->write_(std::move(old));
    return result;
}

} // namespace test
} // namespace user_chk

extern "C" int renameat2(int old_directory, const char* old_name, int new_directory, const char* new_name,
                         unsigned int flags) noexcept {
    return user_chk::test::LateWriter::exchange([=] {
        return static_cast<int>(
            ::syscall(SYS_renameat2, old_directory, old_name, new_directory, new_name, flags));
    });
}
