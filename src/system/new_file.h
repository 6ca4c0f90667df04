// SPDX-License-Identifier: MPL-2.0
// Creates files: makeFile() for a file that other processes must be able to open, and NewFile, which is
// written next to a file and then replaces it durably.

#ifndef USER_CHK_SYSTEM_NEW_FILE_H
#define USER_CHK_SYSTEM_NEW_FILE_H

#include <system/file_descriptor.h>

#include <sys/types.h>

#include <string>
#include <string_view>

namespace user_chk {

/// @brief Checks whether a file could be created, without creating it.
///
/// @return 0, or the error number that the attempt would return, as far as that can be predicted.
int errorOfMaking(const std::string& path);

/// @brief Creates a file that does not exist yet, and opens it.
///
/// When root creates a file in a directory of another user, the file is given to that user and to the
/// directory's group. That user controls the files there anyway, and a server that is started once as root
/// leaves no file behind that it cannot open later as that user. When others may create files in the
/// directory too, the file stays root's.
///
/// @param path the name of the file
/// @param flags for open(2), in addition to those that create the file
/// @param mode the mode of the file
/// @return the file; none when it could not be created, and then errno holds the reason.
FileDescriptor makeFile(const std::string& path, int flags, mode_t mode);

/// @brief A file that is written as `.NAME.user-chk-new` and then replaces NAME. A process that opens NAME
/// meanwhile gets either the old file or the new one.
///
/// Only its owner may read it; in a directory of another user, root gives it to that user (see makeFile()).
/// It is locked with flock(2), so when several processes write it at once, each of them notices. What a
/// killed process left behind is removed. If NAME is a symbolic link, the link itself is replaced.
///
/// All functions throw std::system_error on system errors.
class NewFile {
public:
    /// @brief Creates the new file.
    ///
    /// @param path the file to replace, whether or not it exists
    explicit NewFile(const std::string& path);

    /// @brief Removes the new file, unless it was put in place.
    ~NewFile();

    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    /// @brief Appends to the new file.
    void write(std::string_view text);

    /// @brief Makes the new file durable and puts it in place. Nothing may be written afterwards.
    ///
    /// @return 0, or an error number when a crash may undo the replacement.
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
