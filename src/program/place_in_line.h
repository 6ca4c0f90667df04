// SPDX-License-Identifier: MPL-2.0
// Finds the part of a registry file's line that an error or remark refers to.

#ifndef USER_CHK_PROGRAM_PLACE_IN_LINE_H
#define USER_CHK_PROGRAM_PLACE_IN_LINE_H

#include <user.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace user_chk::program {

/// @brief An error or remark, and its position in a line.
struct PlacedReason {
    size_t column;      ///< in bytes, from 1
    std::string reason; ///< without the column, if it named one
};

/// @brief Finds the value, or the name, that an error or remark of the library refers to.
///
/// @param line the line, without its line end
/// @param reason an error or a remark of the library
/// @param id the id of the record, if the line tells it
/// @return column 1 when it refers to the whole line, or to something that is missing.
PlacedReason placeInLine(std::string_view line, const std::string& reason, const std::optional<UserId>& id);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_PLACE_IN_LINE_H
