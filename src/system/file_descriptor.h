// SPDX-License-Identifier: MPL-2.0
// Defines FileDescriptor, which owns an open file and closes it.

#ifndef USER_CHK_SYSTEM_FILE_DESCRIPTOR_H
#define USER_CHK_SYSTEM_FILE_DESCRIPTOR_H

#include <unistd.h>

#include <utility>

namespace user_chk {

/// @brief Owns a file descriptor. Movable; not to be changed by two threads at once.
class FileDescriptor {
public:
    /// @brief Takes what open(2) returned; a negative value is no file.
    explicit FileDescriptor(int fd) : fd_(fd) {}

    /// @brief Takes the file of another, which has none then.
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    /// @brief Gives its own file to another and takes that one's, which that one closes.
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }

    ~FileDescriptor() {
        if (*this) {
            ::close(fd_);
        }
    }

    /// @brief True when there is a file.
    explicit operator bool() const { return fd_ >= 0; }

    /// @brief The number, for system calls.
    int get() const { return fd_; }

private:
    int fd_;
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_FILE_DESCRIPTOR_H
