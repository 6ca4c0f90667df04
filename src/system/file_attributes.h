// SPDX-License-Identifier: MPL-2.0
// Declares what is asked of files and their rights: whether two are one, who could change one, and to give
// one the rights of another.

#ifndef USER_CHK_SYSTEM_FILE_ATTRIBUTES_H
#define USER_CHK_SYSTEM_FILE_ATTRIBUTES_H

#include <system/file_descriptor.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace user_chk {

/// @brief True when two paths lead to the same file, by whatever links, or would once it is made.
inline bool isSameFile(const std::string& one, const std::string& other) {
    std::error_code error;
    if (std::filesystem::equivalent(one, other, error)) {
        return true;
    }
    const auto target = [&error](const std::string& path) {
        return std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
    };
    const std::filesystem::path named = target(one);
    return !named.empty() && named == target(other);
}

/// @brief Tells why someone other than root and this process's user could change a file: the file, symbolic
/// links followed, or a directory that it is reached through can be written by its group or by others (a
/// directory with the sticky bit apart), or the file belongs to another user.
///
/// @param path the file
/// @return the reason, empty when there is none or the file cannot be looked at.
std::string exposureOf(const std::string& path);

/// @brief Gives a file the owner, group, mode and access control list of another, and its SELinux label and
/// `user.` attributes where that is allowed.
///
/// @return 0 or an error number.
int copyAttributes(const FileDescriptor& from, const FileDescriptor& to);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_FILE_ATTRIBUTES_H
