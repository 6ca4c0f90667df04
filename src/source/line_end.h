// SPDX-License-Identifier: MPL-2.0
// Declares the patience with somebody who is in the middle of writing a line.

#ifndef USER_CHK_SOURCE_LINE_END_H
#define USER_CHK_SOURCE_LINE_END_H

#include <chrono>
#include <string>

namespace user_chk {

/// @brief How long the end of a line that is being written is waited for.
constexpr std::chrono::milliseconds LINE_END_WAIT{200};

/// @brief How long to pause before the file is looked at again.
constexpr std::chrono::milliseconds LINE_END_PAUSE{1};

/// @brief True when a line that has no end is no record: somebody may be in the middle of writing it.
///
/// @param line the last line of a content, empty when that has its end
bool lacksLineEnd(const std::string& line);

} // namespace user_chk

#endif // USER_CHK_SOURCE_LINE_END_H
