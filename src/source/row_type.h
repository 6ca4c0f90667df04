// SPDX-License-Identifier: MPL-2.0
// Encodes exact ids, prefixes and `random` in the types of database rows.

#ifndef USER_CHK_SOURCE_ROW_TYPE_H
#define USER_CHK_SOURCE_ROW_TYPE_H

#include <user.h>

#include <string>
#include <string_view>

namespace user_chk {

/// @brief The content of the column `type`.
struct RowType {
    std::string_view label; ///< the type, as in a registry file
    UserId::Kind kind;      ///< how the id is compared with those of clients
};

/// @brief Parses the type of a row: the label alone for an exact id; for others the label, `_` and the kind,
/// such as `HW_ADDR_PREFIX` and `HW_ADDR_RANDOM`. So an exact id and a prefix may have the same bytes.
///
/// @return the parts; the label may be invalid
RowType readRowType(std::string_view type);

/// @brief Returns the type of the row for an id.
std::string rowTypeOf(const UserId& id);

} // namespace user_chk

#endif // USER_CHK_SOURCE_ROW_TYPE_H
