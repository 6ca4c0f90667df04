// SPDX-License-Identifier: MPL-2.0
// Declares awaitLineEnd(): the patience with somebody who is in the middle of writing a line.

#ifndef USER_CHK_SOURCE_LINE_END_H
#define USER_CHK_SOURCE_LINE_END_H

#include <source/file_content.h>

#include <chrono>
#include <string>

namespace user_chk {

/// @brief How long the end of a line that is being written is waited for.
constexpr std::chrono::milliseconds LINE_END_WAIT{200};

/// @brief How long to pause before the file is looked at again.
constexpr std::chrono::milliseconds LINE_END_PAUSE{1};

/// @brief True when the last line of a content has no end and is no record: somebody may be in the middle of
/// writing it.
bool lacksLineEnd(const std::string& text);

/// @brief Reads a file again while its last line lacks its end, for LINE_END_WAIT at most.
///
/// @param path the file
/// @param content what was read of it, replaced by what it holds afterwards
/// @return true when it lacks it no more.
/// @throw UserFileError as FileContent::read() does.
bool awaitLineEnd(const std::string& path, FileContent& content);

} // namespace user_chk

#endif // USER_CHK_SOURCE_LINE_END_H
