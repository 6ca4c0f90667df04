// SPDX-License-Identifier: MPL-2.0
// Compares paths, finds out who could change a file, and copies owner and permissions of a file to another.

#ifndef USER_CHK_SYSTEM_FILE_ATTRIBUTES_H
#define USER_CHK_SYSTEM_FILE_ATTRIBUTES_H

#include <system/file_descriptor.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace user_chk {

/// @brief True when two paths lead to the same file, or will do so once it is created, whatever links they
/// contain.
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

/// @brief Tells why someone other than root and the user of this process could change a file: the file
/// (symbolic links are followed) or a directory on its path is writable by its group or by others, except for
/// a directory with the sticky bit; or the file belongs to another user.
///
/// @param path the file
/// @return the reason, empty when there is none or the file cannot be examined.
std::string exposureOf(const std::string& path);

/// @brief Gives a file the owner, group, mode and access control list of another one, and also its SELinux
/// label and `user.` attributes if that is permitted.
///
/// @return 0 or an error number.
int copyAttributes(const FileDescriptor& from, const FileDescriptor& to);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_FILE_ATTRIBUTES_H
