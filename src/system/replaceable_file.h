// SPDX-License-Identifier: MPL-2.0
// Defines ReplaceableFile, which reads a file and puts another content in its place, durably.

#ifndef USER_CHK_SYSTEM_REPLACEABLE_FILE_H
#define USER_CHK_SYSTEM_REPLACEABLE_FILE_H

#include <system/file_descriptor.h>

#include <sys/stat.h>

#include <stdexcept>
#include <string>

namespace user_chk {

/// @brief Thrown with `FILE: REASON` when a file cannot be locked, read or replaced.
class FileError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// @brief A file that is locked, read, and replaced by a new one with another content.
///
/// The lock is flock(2) on the file itself, so all who use this class take turns. Others need not: what they
/// write into the file, or put in its place, while it is being replaced, is noticed and stays.
///
/// The new file is made beside the old one, under the name `.NAME.user-chk-new`, and takes over its owner,
/// group, mode and access control list; its SELinux label and `user.` attributes where that is allowed; not
/// its hard links. The path always names the old file or the new one. A process that is killed leaves either,
/// and perhaps the file beside it, which the next one removes.
///
/// What others have written since the file was read is seen by comparing its bytes once more when it has been
/// replaced, and when nobody has it open for writing any more; then the two files change places again, and
/// what was appended to the new one meanwhile goes with it. Where the file system cannot exchange two names
/// (NFS, some of FUSE), what is written in the very moment of the replacing is lost. Where it grants no
/// leases, a writer is noticed by what it has written, not by having the file open.
class ReplaceableFile {
public:
    /// @brief What replacing came to.
    enum class Outcome {
        REPLACED, ///< the new content is in place, and will be after a crash
        CHANGED,  ///< somebody has changed the file since it was read, and the new content is in place
        OVERTAKEN ///< the new content was in place, and then somebody put there another file
    };

    /// @brief Locks the file, which must exist, and reads it. Waits for others who hold the lock.
    ///
    /// @param path the file; symbolic links are followed
    /// @throw FileError when that is not possible, or somebody holds the lock for 3 seconds, or others
    /// replace the file again and again for 10 seconds.
    explicit ReplaceableFile(std::string path);

    ReplaceableFile(const ReplaceableFile&) = delete;
    ReplaceableFile& operator=(const ReplaceableFile&) = delete;

    /// @brief What was read.
    const std::string& text() const { return text_; }

    /// @brief Puts a new content in place; others may see it before this returns. To be called once.
    ///
    /// @throw FileError when that is not possible, or somebody has the file open for writing for a second.
    /// What was in place is so still, with two exceptions, where a disk fails or fills up in the very moment:
    /// a reason that says that the file "has been replaced", and one that says that it "has lost" what
    /// another has appended to the new file before that was taken back.
    Outcome replaceBy(const std::string& text);

private:
    bool lock();
    void removeLeftover() const;
    FileDescriptor makeBeside(const std::string& text) const;
    FileDescriptor openBeside() const;
    bool takeBeside(const FileDescriptor& fd) const;
    int removeBeside() const;
    Outcome putInPlace(const FileDescriptor& made, const std::string& text) const;
    Outcome putInPlaceByRename(const FileDescriptor& made) const;
    void putBack(const FileDescriptor& made, const std::string& text) const;
    void carryOver(const FileDescriptor& made, const std::string& text) const;
    int exchange() const;
    bool isInPlace(const FileDescriptor& fd) const;
    bool isBeside(const FileDescriptor& fd) const;
    bool isUnchanged() const;
    [[noreturn]] void fail(const std::string& reason) const;
    [[noreturn]] void failToReplace(int error) const;

    const std::string path_;
    std::string name_;     // of the file in its directory
    std::string new_name_; // of the file beside it
    FileDescriptor directory_{-1};
    FileDescriptor file_{-1};
    struct stat status_ = {};
    std::string text_;
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_REPLACEABLE_FILE_H
