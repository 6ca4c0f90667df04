// SPDX-License-Identifier: MPL-2.0
// Checks a registry file.

#ifndef USER_CHK_PROGRAM_CHECKED_REGISTRY_H
#define USER_CHK_PROGRAM_CHECKED_REGISTRY_H

#include <registry/user_attributes.h>
#include <system/file_descriptor.h>

#include <cstddef>
#include <string>
#include <vector>

namespace user_chk::program {

/// @brief An error or a remark, with its position.
struct Finding {
    size_t line;        ///< from 1
    size_t column;      ///< in bytes, from 1
    bool is_error;      ///< whether a server rejects the record, or the file
    std::string reason; ///< what is wrong
};

/// @brief How a registry is checked.
struct CheckRules {
    AttributeReader reader;          ///< parses the attributes
    bool same_twice_is_error = true; ///< whether a user may not have two equal records
};

/// @brief Checks a registry file. Finds every error and every remark of the library, one error per record.
///
/// @param path its name, for the library's messages
/// @param file the file, a regular one, open for reading
/// @param rules how it is checked
/// @return the findings, ordered by line and column.
/// @throw std::system_error when the file cannot be read.
std::vector<Finding> checkRegistry(const std::string& path, const FileDescriptor& file,
                                   const CheckRules& rules);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_CHECKED_REGISTRY_H
