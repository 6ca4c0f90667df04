// SPDX-License-Identifier: MPL-2.0
// Defines FileSignature, which tells whether a file has changed, and opens it.

#ifndef USER_CHK_SOURCE_FILE_CONTENT_H
#define USER_CHK_SOURCE_FILE_CONTENT_H

#include <system/file_descriptor.h>

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace user_chk {

/// @brief What stat(2) tells of a file: equal signatures mean the same file, unchanged as far as its times
/// tell.
///
/// Two changes within one tick of the file system's clock leave the same times, so a signature is to be
/// believed only when its times are further back than such a tick. And a write into a file sets its times
/// before the data are there, so whoever reads the file in between, however rare that is, has the new times
/// and the old data.
struct FileSignature {
    /// @brief A signature equal to that of no file.
    FileSignature() = default;

    /// @brief Of what @c path names now, symbolic links followed. Never throws; `error` tells why there is
    /// none.
    static FileSignature of(const std::string& path);

    /// @brief Of what stat(2) or fstat(2) told.
    explicit FileSignature(const struct stat& st);

    /// @brief How long a write may be held up between setting the times and the data.
    static constexpr std::chrono::seconds HELD_UP{2};

    /// @brief How long after a change another one can leave the same times: two ticks of the kernel's clock,
    /// or two seconds where the file system keeps whole seconds only.
    std::chrono::nanoseconds tick() const;

    /// @brief How long before @c now (of the real-time clock) the file changed, negative for a time that lies
    /// ahead. Goes by the time of the last status change, which no program can set.
    std::chrono::nanoseconds age(std::chrono::nanoseconds now) const { return now - changed_; }

    /// @brief True when both are of the same file, unchanged as far as its times tell.
    bool operator==(const FileSignature& other) const;

    /// @brief The opposite of ==.
    bool operator!=(const FileSignature& other) const { return !(*this == other); }

    /// @brief The error number of stat(2), 0 when it told of a file.
    int error = -1;

private:
    dev_t device_ = 0;
    ino_t inode_ = 0;
    off_t size_ = 0;
    std::chrono::nanoseconds modified_{0};
    std::chrono::nanoseconds changed_{0};
};

/// @brief Opens a regular file for reading, never waiting for a FIFO or a device.
///
/// @param path the file
/// @param signature becomes that of the file, taken before the first byte is read, so that a change meanwhile
/// makes a difference
/// @throw UserFileError `FILE: REASON` when it cannot be opened or is no regular file.
FileDescriptor openContent(const std::string& path, FileSignature& signature);

} // namespace user_chk

#endif // USER_CHK_SOURCE_FILE_CONTENT_H
