// SPDX-License-Identifier: MPL-2.0
// Defines how files are made: one that other processes shall be able to open, and NewFile, which is written
// beside a file and then takes its place, durably.

#ifndef USER_CHK_SYSTEM_NEW_FILE_H
#define USER_CHK_SYSTEM_NEW_FILE_H

#include <system/file_descriptor.h>

#include <sys/types.h>

#include <string>
#include <string_view>

namespace user_chk {

/// @brief Tells whether a file could be made, without making it.
///
/// @return 0, or the error number that the attempt would meet, as far as that can be known beforehand.
int errorOfMaking(const std::string& path);

/// @brief Makes a file that is not there yet and opens it.
///
/// A file that root makes in a directory of another user is given to that user and the directory's group:
/// that user decides on the files there anyway, and a server that root starts once leaves no file that it
/// cannot open when it runs as that user. Where others may make files too, the file stays root's.
///
/// @param path the name of the file
/// @param flags for open(2), beside those to make it
/// @param mode of the file
/// @return the file; none where it could not be made, errno tells why.
FileDescriptor makeFile(const std::string& path, int flags, mode_t mode);

/// @brief A file that is written from its beginning to its end as `.NAME.user-chk-new`, and replaces what
/// NAME is then. A process that opens NAME meanwhile gets the old file or the new one.
///
/// Only its owner may read it, and in a directory of another user root gives it to that one (makeFile()). It
/// is locked with flock(2), so that of several processes that write it at once each finds out. What a process
/// that was killed has left there is removed. NAME is replaced itself where it is a symbolic link.
///
/// All functions throw std::system_error when the system does not let them.
class NewFile {
public:
    /// @brief Makes the file beside.
    ///
    /// @param path what to replace, whether or not it is there
    explicit NewFile(const std::string& path);

    /// @brief Removes the file beside, if it has not taken its place.
    ~NewFile();

    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    /// @brief Appends to it.
    void write(std::string_view text);

    /// @brief Makes it durable and puts it in place; nothing may be written afterwards.
    ///
    /// @return 0, or the error number with which a crash may undo this.
    int putInPlace();

private:
    void removeLeftover() const;
    bool isBeside(const FileDescriptor& fd) const;
    void flush();

    const std::string path_;
    const std::string beside_;
    FileDescriptor file_{-1};
    std::string buffer_;
    bool in_place_ = false;
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_NEW_FILE_H
