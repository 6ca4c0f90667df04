// SPDX-License-Identifier: MPL-2.0
// Defines how rows of a database tell exact ids, prefixes and `random` apart: by their types.

#ifndef USER_CHK_SOURCE_ROW_TYPE_H
#define USER_CHK_SOURCE_ROW_TYPE_H

#include <user.h>

#include <string>
#include <string_view>

namespace user_chk {

/// @brief What the column `type` has.
struct RowType {
    std::string_view label; ///< the type, as a registry file has it
    UserId::Kind kind;      ///< how the id is compared with those of clients
};

/// @brief Reads the type of a row: a label alone for an exact id; for others the label, `_` and the kind,
/// such as `HW_ADDR_PREFIX` and `HW_ADDR_RANDOM`. So an exact id and a prefix may have the same bytes.
///
/// @return a label that need not be one
RowType readRowType(std::string_view type);

/// @brief The type of the row of an id.
std::string rowTypeOf(const UserId& id);

} // namespace user_chk

#endif // USER_CHK_SOURCE_ROW_TYPE_H
