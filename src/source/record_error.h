// SPDX-License-Identifier: MPL-2.0
// Declares how the error of a line is worded: the operator must see what is wrong with the line.

#ifndef USER_CHK_SOURCE_RECORD_ERROR_H
#define USER_CHK_SOURCE_RECORD_ERROR_H

#include <string>
#include <string_view>

namespace user_chk {

/// @brief Words the error of a line that is no record.
///
/// @param line the line
/// @param reason what a parser had to say
/// @return one line of text, without control characters.
std::string recordError(std::string_view line, const std::string& reason);

} // namespace user_chk

#endif // USER_CHK_SOURCE_RECORD_ERROR_H
