// SPDX-License-Identifier: MPL-2.0
// Defines FileDescriptor, which owns an open file and closes it.

#ifndef USER_CHK_SYSTEM_FILE_DESCRIPTOR_H
#define USER_CHK_SYSTEM_FILE_DESCRIPTOR_H

#include <unistd.h>

#include <utility>

namespace user_chk {

/// @brief Owns a file descriptor. Movable. Only one thread at a time may change it.
class FileDescriptor {
public:
    /// @brief Takes ownership of what open(2) returned; a negative value is no file.
    explicit FileDescriptor(int fd) : fd_(fd) {}

    /// @brief Takes over the file of another descriptor, which is then empty.
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    /// @brief Swaps the files; the other descriptor closes this one's.
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }

    ~FileDescriptor() {
        if (*this) {
            ::close(fd_);
        }
    }

    /// @brief True when a file is open.
    explicit operator bool() const { return fd_ >= 0; }

    /// @brief Returns the number, for system calls.
    int get() const { return fd_; }

private:
    int fd_;
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_FILE_DESCRIPTOR_H
