// SPDX-License-Identifier: MPL-2.0
// Declares readWhole(), which reads all that an open file holds.

#ifndef USER_CHK_SYSTEM_WHOLE_FILE_H
#define USER_CHK_SYSTEM_WHOLE_FILE_H

#include <system/file_descriptor.h>

#include <string>

namespace user_chk {

/// @brief Reads a regular file from its beginning to its end, wherever that is by then. Does not move the
/// file's offset.
///
/// @param fd the file
/// @param text becomes what it holds, with some capacity to spare, for a parser's padding; on failure a part
/// @return 0 or an error number.
int readWhole(const FileDescriptor& fd, std::string& text);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_WHOLE_FILE_H
