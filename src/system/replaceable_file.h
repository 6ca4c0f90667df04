// SPDX-License-Identifier: MPL-2.0
// Defines ReplaceableFile, which durably replaces a file by a changed copy.

#ifndef USER_CHK_SYSTEM_REPLACEABLE_FILE_H
#define USER_CHK_SYSTEM_REPLACEABLE_FILE_H

#include <system/file_descriptor.h>
#include <system/patience.h>

#include <sys/stat.h>

#include <functional>
#include <stdexcept>
#include <string>

namespace user_chk {

/// @brief Thrown with `FILE: REASON` when a file cannot be locked, read or replaced.
class FileError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// @brief A file that is locked and then replaced by a new file made from it.
///
/// The lock is a separate file, `.NAME.user-chk-lock` (see takeLockFile()), so all users of this class take
/// turns. The new file is `.NAME.user-chk-new`; only the holder of the lock creates it. It takes over the
/// owner, group, mode and access control list of the old file, and its SELinux label and `user.` attributes
/// if that is permitted, but not its hard links. Then the two files exchange their names. The path always
/// names either the old file or the new one. A process that is killed leaves one of them in place, and
/// perhaps the file next to it, which the next process removes.
///
/// Other programs need not know of the lock. This class waits for a process that has the file open for
/// writing. After the exchange it checks the old file once more. If another process wrote to that file, or
/// replaced it, the exchange is reverted. In short moments, a change can still be lost:
/// - data written to the file by a process that opened it before the exchange and writes after the check, if
///   the file system grants no leases: NFS, or a file of another user;
/// - data written to the new file before the exchange is reverted;
/// - data written to the file, or a file put in its place, at the moment of a rename, which is used when the
///   file system cannot exchange two names: NFS, some FUSE file systems;
/// - data written to the file at the moment of the exchange, if this process is killed before the check;
/// - a change of another user of this class, if someone removes the lock file while it is locked.
class ReplaceableFile {
public:
    /// @brief The result of a replacement.
    enum class Outcome {
        REPLACED, ///< the new content is in place, and survives a crash
        CHANGED,  ///< another process changed the file after it was opened, and its change was kept
        OVERTAKEN ///< the new content was in place, and then someone replaced it by another file
    };

    /// @brief Writes the new file, given the open old one. Returns 0 or an error number.
    typedef std::function<int(const FileDescriptor& from, const FileDescriptor& to)> Write;

    /// @brief Tells whether the open old file still has the content that was read. Its size and times have
    /// already been compared.
    typedef std::function<bool(const FileDescriptor& from)> Look;

    /// @brief Locks the file, which must exist, and opens it.
    ///
    /// @param path the file; symbolic links are followed
    /// @param patience how long to wait for the lock and for writers; must outlive this object
    /// @throw FileError when the file cannot be locked or opened.
    ReplaceableFile(std::string path, const Patience& patience);

    ReplaceableFile(const ReplaceableFile&) = delete;
    ReplaceableFile& operator=(const ReplaceableFile&) = delete;

    /// @brief Returns the file, open for reading.
    const FileDescriptor& file() const { return file_; }

    /// @brief Puts a new file in place. Others may see it before this returns. Call it only once.
    ///
    /// @param write writes the content
    /// @param is_unchanged called when the new file is in place
    /// @throw FileError on failure, or when another process keeps the file open for writing. The old file is
    /// then still in place, unless the message says that the file "has been replaced".
    Outcome replace(const Write& write, const Look& is_unchanged) const;

private:
    FileDescriptor makeBeside() const;
    void fill(const FileDescriptor& made, const Write& write) const;
    Outcome putInPlace(const FileDescriptor& made, const Look& is_unchanged) const;
    void putBack(const FileDescriptor& made) const;
    int exchange() const;
    int sync() const;
    int removeBeside() const;
    bool isInPlace(const FileDescriptor& fd) const;
    bool isBeside(const FileDescriptor& fd) const;
    bool isLeftAlone(const Look& is_unchanged) const;
    [[noreturn]] void fail(const std::string& reason) const;
    [[noreturn]] void failToReplace(int error) const;

    const std::string path_;
    const Patience& patience_;
    std::string name_;     // the file's name in its directory
    std::string new_name_; // the new file's name
    FileDescriptor directory_{-1};
    FileDescriptor lock_{-1};
    FileDescriptor file_{-1};
    struct stat status_ = {};
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_REPLACEABLE_FILE_H
