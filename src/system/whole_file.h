// SPDX-License-Identifier: MPL-2.0
// Declares readWhole() and writeWhole(), which read and write all of a text where one system call may not.

#ifndef USER_CHK_SYSTEM_WHOLE_FILE_H
#define USER_CHK_SYSTEM_WHOLE_FILE_H

#include <system/file_descriptor.h>

#include <string>
#include <string_view>

namespace user_chk {

/// @brief Reads a regular file from its beginning to its end, wherever that is by then. Does not move the
/// file's offset.
///
/// @param fd the file
/// @param text becomes what it holds, with some capacity to spare, for a parser's padding; on failure a part
/// @return 0 or an error number.
int readWhole(const FileDescriptor& fd, std::string& text);

/// @brief Writes all of a text at the file's offset.
///
/// @return 0 or an error number; a part may have been written then.
int writeWhole(const FileDescriptor& fd, std::string_view text);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_WHOLE_FILE_H
