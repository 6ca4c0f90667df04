// SPDX-License-Identifier: MPL-2.0
// Declares where in a line of a registry file is what a reason speaks of.

#ifndef USER_CHK_PROGRAM_PLACE_IN_LINE_H
#define USER_CHK_PROGRAM_PLACE_IN_LINE_H

#include <user.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace user_chk::program {

/// @brief A reason and where in a line it applies.
struct PlacedReason {
    size_t column;      ///< in bytes, from 1
    std::string reason; ///< without the column, if it had that in it
};

/// @brief Finds the value, or the name, that a reason of the library is about.
///
/// @param line the line, without its end
/// @param reason an error or a remark of the library
/// @param id the id of the record, where it tells that
/// @return column 1 where it is about the line as a whole, or about something that is not there.
PlacedReason placeInLine(std::string_view line, const std::string& reason, const std::optional<UserId>& id);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_PLACE_IN_LINE_H
