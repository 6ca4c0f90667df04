// SPDX-License-Identifier: MPL-2.0
// Declares readWhole() and writeWhole(), which read or write everything, with as many system calls as it
// takes.

#ifndef USER_CHK_SYSTEM_WHOLE_FILE_H
#define USER_CHK_SYSTEM_WHOLE_FILE_H

#include <system/file_descriptor.h>

#include <string>
#include <string_view>

namespace user_chk {

/// @brief Reads a regular file from its beginning to its end, even if it grows meanwhile. Does not move the
/// file offset.
///
/// @param fd the file
/// @param text receives the content, with some spare capacity for a parser's padding; after an error, part of
/// the content
/// @return 0 or an error number.
int readWhole(const FileDescriptor& fd, std::string& text);

/// @brief Writes a whole text at the file offset.
///
/// @return 0 or an error number; part of the text may have been written then.
int writeWhole(const FileDescriptor& fd, std::string_view text);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_WHOLE_FILE_H
