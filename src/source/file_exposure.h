// SPDX-License-Identifier: MPL-2.0
// Defines who else could change a file.

#ifndef USER_CHK_SOURCE_FILE_EXPOSURE_H
#define USER_CHK_SOURCE_FILE_EXPOSURE_H

#include <string>

namespace user_chk {

/// @brief Tells why someone other than root and this process's user could change a file: the file, symbolic
/// links followed, or a directory that it is reached through can be written by its group or by others (a
/// directory with the sticky bit apart), or the file belongs to another user.
///
/// @param path the file
/// @return the reason, empty when there is none or the file cannot be looked at.
std::string exposureOf(const std::string& path);

} // namespace user_chk

#endif // USER_CHK_SOURCE_FILE_EXPOSURE_H
