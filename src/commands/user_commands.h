// SPDX-License-Identifier: MPL-2.0
// Defines the commands that look up and change users.

#ifndef USER_CHK_COMMANDS_USER_COMMANDS_H
#define USER_CHK_COMMANDS_USER_COMMANDS_H

#include <library/user_chk.h>

#include <cc/data.h>

namespace user_chk {

/// @brief `user-chk-get`: the user of an id.
///
/// This and all the others: any thread may call them, beside packets and each other.
///
/// @param user_chk the library at work
/// @param arguments those of the command, a null pointer for none
/// @return the answer.
/// @throw isc::Exception when arguments are bad or the command fails; the text is for the one who asked.
isc::data::ConstElementPtr getUser(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-list`: users in the order of their ids, a page at a time.
isc::data::ConstElementPtr listUsers(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-add`: adds a user to the registry file. In force when it returns.
isc::data::ConstElementPtr addUser(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-update`: replaces a user in the registry file. In force when it returns.
isc::data::ConstElementPtr updateUser(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-del`: removes a user from the registry file. In force when it returns.
isc::data::ConstElementPtr deleteUser(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

} // namespace user_chk

#endif // USER_CHK_COMMANDS_USER_COMMANDS_H
