// SPDX-License-Identifier: MPL-2.0
// Declares what is found in a registry file.

#ifndef USER_CHK_PROGRAM_CHECKED_REGISTRY_H
#define USER_CHK_PROGRAM_CHECKED_REGISTRY_H

#include <registry/user_attributes.h>
#include <system/file_descriptor.h>

#include <cstddef>
#include <string>
#include <vector>

namespace user_chk::program {

/// @brief An error or a remark, and where it is.
struct Finding {
    size_t line;        ///< from 1
    size_t column;      ///< in bytes, from 1
    bool is_error;      ///< whether a server does not take the record, or the file
    std::string reason; ///< what is wrong
};

/// @brief How a registry is checked.
struct CheckRules {
    AttributeReader reader;          ///< reads the meaning of attributes
    bool same_twice_is_error = true; ///< whether a user may not have two records that are the same
};

/// @brief Checks a registry file: every error and every remark of the library, one error for a record.
///
/// @param path its name, for the library's messages
/// @param file it, a regular file, open for reading
/// @param rules how it is checked
/// @return in the order of lines and columns.
/// @throw std::system_error when the file cannot be read.
std::vector<Finding> checkRegistry(const std::string& path, const FileDescriptor& file,
                                   const CheckRules& rules);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_CHECKED_REGISTRY_H
