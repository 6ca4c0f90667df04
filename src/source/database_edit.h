// SPDX-License-Identifier: MPL-2.0
// Declares changeUser(), which changes a user in a database.

#ifndef USER_CHK_SOURCE_DATABASE_EDIT_H
#define USER_CHK_SOURCE_DATABASE_EDIT_H

#include <database/connection.h>
#include <source/source.h>

#include <functional>
#include <string>

namespace user_chk {

/// @brief Changes a user in a database, in a transaction of its own.
///
/// When a user has rows with several server tags, an update changes the row in force for this server, and a
/// removal removes all rows that could be in force for it.
///
/// @param connection an open connection outside of a transaction; afterwards it is in the same state, or
/// closed
/// @param edit the change
/// @param server_tag the tag of this server
/// @param may_commit called before the commit; false rolls the change back
/// @return as Source::edit(), @ref Edited::CHANGED after a rollback.
/// @throw DatabaseError when the database rejected the change. Nothing has changed then; but if may_commit
/// was called before, the change may have been made.
Edited changeUser(DatabaseConnection& connection, const Edit& edit, const std::string& server_tag,
                  const std::function<bool()>& may_commit);

} // namespace user_chk

#endif // USER_CHK_SOURCE_DATABASE_EDIT_H
