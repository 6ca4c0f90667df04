// SPDX-License-Identifier: MPL-2.0
// Defines FileSignature, which tells whether a file has changed, and openContent(), which opens one.

#ifndef USER_CHK_SOURCE_FILE_CONTENT_H
#define USER_CHK_SOURCE_FILE_CONTENT_H

#include <system/file_descriptor.h>

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace user_chk {

/// @brief The result of stat(2): equal signatures mean the same file, unchanged as far as its times show.
///
/// Two changes within one tick of the file system's clock leave the same times, so a signature is reliable
/// only when its times are older than such a tick. Also, a write sets the times of a file before the data are
/// visible. So a reader in between, though rare, sees the new times and the old data.
struct FileSignature {
    /// @brief A signature that equals that of no file.
    FileSignature() = default;

    /// @brief Returns the signature of what @c path names now; symbolic links are followed. Never throws;
    /// `error` tells why there is no signature.
    static FileSignature of(const std::string& path);

    /// @brief Creates the signature from the result of stat(2) or fstat(2).
    explicit FileSignature(const struct stat& st);

    /// @brief How long a write may take between setting the times and writing the data.
    static constexpr std::chrono::seconds HELD_UP{2};

    /// @brief Returns how long after a change another one can leave the same times: two ticks of the kernel's
    /// clock, or two seconds if the file system stores whole seconds only.
    std::chrono::nanoseconds tick() const;

    /// @brief Returns how long before @c now (of the real-time clock) the file changed; negative for a time
    /// in the future. Uses the time of the last status change, which no program can set.
    std::chrono::nanoseconds age(std::chrono::nanoseconds now) const { return now - changed_; }

    /// @brief True when both are of the same file, unchanged as far as its times show.
    bool operator==(const FileSignature& other) const;

    /// @brief The opposite of ==.
    bool operator!=(const FileSignature& other) const { return !(*this == other); }

    /// @brief The error number of stat(2), 0 on success.
    int error = -1;

private:
    dev_t device_ = 0;
    ino_t inode_ = 0;
    off_t size_ = 0;
    std::chrono::nanoseconds modified_{0};
    std::chrono::nanoseconds changed_{0};
};

/// @brief Opens a regular file for reading, without blocking on a FIFO or a device.
///
/// @param path the file
/// @param signature receives the file's signature, taken before the first byte is read, so that a later
/// change makes a difference
/// @throw UserFileError `FILE: REASON` when it cannot be opened or is not a regular file.
FileDescriptor openContent(const std::string& path, FileSignature& signature);

} // namespace user_chk

#endif // USER_CHK_SOURCE_FILE_CONTENT_H
