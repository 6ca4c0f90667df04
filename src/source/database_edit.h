// SPDX-License-Identifier: MPL-2.0
// Declares the statements that change a user in a database.

#ifndef USER_CHK_SOURCE_DATABASE_EDIT_H
#define USER_CHK_SOURCE_DATABASE_EDIT_H

#include <database/connection.h>
#include <source/source.h>

#include <functional>
#include <string>

namespace user_chk {

/// @brief Changes a user in a database, in a transaction of its own.
///
/// Where a user has rows of several server tags, an update changes the one that is in force for this server,
/// and a removal removes all that would be.
///
/// @param connection is open, and in no transaction; so it is afterwards, or it is closed
/// @param edit the change
/// @param server_tag of this server
/// @param may_commit is asked before the change is made for good; false undoes it
/// @return as Source::edit(), @ref Edited::CHANGED where it was undone.
/// @throw DatabaseError when the database refused it. Nothing has changed then; but it may have where
/// may_commit was asked before.
Edited changeUser(DatabaseConnection& connection, const Edit& edit, const std::string& server_tag,
                  const std::function<bool()>& may_commit);

} // namespace user_chk

#endif // USER_CHK_SOURCE_DATABASE_EDIT_H
