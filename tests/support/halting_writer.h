// SPDX-License-Identifier: MPL-2.0
// Lets a test append to a file in two writes, the second one after a reader has read the first.

#ifndef USER_CHK_TESTS_SUPPORT_HALTING_WRITER_H
#define USER_CHK_TESTS_SUPPORT_HALTING_WRITER_H

#include <support/temp_dir.h>
#include <system/file_descriptor.h>

#include <poll.h>
#include <sys/inotify.h>

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace user_chk {
namespace test {

// The constructor writes the first part. A thread writes the second part when a reader has closed the file.
class HaltingWriter {
public:
    HaltingWriter(const std::string& path, const std::string& first, const std::string& second)
        : inotify_(::inotify_init1(IN_CLOEXEC)) {
        appendFile(path, first);
        EXPECT_LE(0, ::inotify_add_watch(inotify_.get(), path.c_str(), IN_CLOSE_NOWRITE));
        thread_ = std::thread([this, path, second] {
            struct pollfd closed = {inotify_.get(), POLLIN, 0};
            read_ = ::poll(&closed, 1, 10000) == 1;
            appendFile(path, second);
        });
    }
    ~HaltingWriter() {
        thread_.join();
        EXPECT_TRUE(read_) << "nobody has read the first part";
    }
    HaltingWriter(const HaltingWriter&) = delete;
    HaltingWriter& operator=(const HaltingWriter&) = delete;

private:
    const FileDescriptor inotify_;
    bool read_ = false;
    std::thread thread_;
};

} // namespace test
} // namespace user_chk

#endif // USER_CHK_TESTS_SUPPORT_HALTING_WRITER_H
