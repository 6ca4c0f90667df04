// SPDX-License-Identifier: MPL-2.0
// Defines ReplaceableFile, which puts a changed copy of a file in its place, durably.

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

/// @brief A file that is locked, and replaced by a new one that is made of it.
///
/// The lock is a file beside it, `.NAME.user-chk-lock` (see takeLockFile()), so all who use this class take
/// turns. The new file is made beside it too, as `.NAME.user-chk-new`, by who has the lock alone. It takes
/// over the owner, group, mode and access control list of the old one; its SELinux label and `user.`
/// attributes where that is allowed; not its hard links. Then the two exchange their names. The path always
/// names the old file or the new one. A process that is killed leaves either, and perhaps the file beside it,
/// which the next one removes.
///
/// Others need not know of the lock. Who has the file open for writing is waited for. What was written into
/// it, or put in its place, is seen after the exchange, when it is looked at once more; the names are then
/// exchanged back. What can get lost still, in short moments:
/// - what is written into the file by one who opened it before the exchange and writes after that look, where
///   the file system grants no leases: NFS, or a file of another user;
/// - what is written into the new file before the names are exchanged back;
/// - what is written into the file, or put in its place, in the moment of a rename, which must do where the
///   file system cannot exchange two names: NFS, some of FUSE;
/// - what is written into the file in the moment of the exchange, if this process is killed before the look;
/// - a change of another who uses this class, if somebody removes the lock file while it is locked.
class ReplaceableFile {
public:
    /// @brief What replacing came to.
    enum class Outcome {
        REPLACED, ///< the new content is in place, and will be after a crash
        CHANGED,  ///< another process has changed the file since it was opened, and its change stays
        OVERTAKEN ///< the new content was in place, and then somebody put there another file
    };

    /// @brief Writes the new file, given the open old one; returns 0 or an error number.
    typedef std::function<int(const FileDescriptor& from, const FileDescriptor& to)> Write;

    /// @brief Tells whether the open old file still has the content that was read. Size and times have been
    /// compared already.
    typedef std::function<bool(const FileDescriptor& from)> Look;

    /// @brief Locks the file, which must exist, and opens it.
    ///
    /// @param path the file; symbolic links are followed
    /// @param patience with others who have the lock, and with writers; must outlive this
    /// @throw FileError when that is not possible.
    ReplaceableFile(std::string path, const Patience& patience);

    ReplaceableFile(const ReplaceableFile&) = delete;
    ReplaceableFile& operator=(const ReplaceableFile&) = delete;

    /// @brief The file, open for reading.
    const FileDescriptor& file() const { return file_; }

    /// @brief Puts a new file in place; others may see it before this returns. To be called once.
    ///
    /// @param write makes its content
    /// @param is_unchanged is asked when the new file is in place
    /// @throw FileError when that is not possible, or somebody keeps the file open for writing. What was in
    /// place is so still, unless the reason says that the file "has been replaced".
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
    std::string name_;     // of the file in its directory
    std::string new_name_; // of the file beside it
    FileDescriptor directory_{-1};
    FileDescriptor lock_{-1};
    FileDescriptor file_{-1};
    struct stat status_ = {};
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_REPLACEABLE_FILE_H
