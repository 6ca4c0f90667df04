// SPDX-License-Identifier: MPL-2.0
// Defines isSameFile(): whether two names are, or would be, of one file.

#ifndef USER_CHK_SYSTEM_SAME_FILE_H
#define USER_CHK_SYSTEM_SAME_FILE_H

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

} // namespace user_chk

#endif // USER_CHK_SYSTEM_SAME_FILE_H
