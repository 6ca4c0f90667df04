// SPDX-License-Identifier: MPL-2.0
// Declares copyAttributes(), which gives a file the owner and the permissions of another.

#ifndef USER_CHK_SYSTEM_FILE_ATTRIBUTES_H
#define USER_CHK_SYSTEM_FILE_ATTRIBUTES_H

#include <system/file_descriptor.h>

namespace user_chk {

/// @brief Gives a file the owner, group, mode and access control list of another, and its SELinux label and
/// `user.` attributes where that is allowed.
///
/// @return 0 or an error number.
int copyAttributes(const FileDescriptor& from, const FileDescriptor& to);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_FILE_ATTRIBUTES_H
