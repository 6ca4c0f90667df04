// SPDX-License-Identifier: MPL-2.0
// Defines the commands of the control channel.

#ifndef USER_CHK_COMMANDS_COMMANDS_H
#define USER_CHK_COMMANDS_COMMANDS_H

#include <exchange/protocol.h>
#include <library/user_chk.h>

#include <cc/data.h>

namespace user_chk {

/// @brief `user-chk-get`: returns the user with an id.
///
/// For this and all other commands: any thread may call them, concurrently with packets and with each other.
///
/// @param user_chk the running library
/// @param arguments the arguments of the command, a null pointer for none
/// @return the answer.
/// @throw isc::Exception when the arguments are bad or the command fails; its text is for the sender of the
/// command.
isc::data::ConstElementPtr getUser(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-list`: returns users in the order of their ids, one page at a time.
isc::data::ConstElementPtr listUsers(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-add`: adds a user to the registry file. In force when it returns.
isc::data::ConstElementPtr addUser(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-update`: replaces a user in the registry file. In force when it returns.
isc::data::ConstElementPtr updateUser(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-del`: removes a user from the registry file. In force when it returns.
isc::data::ConstElementPtr deleteUser(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-reload`: loads the registry now.
isc::data::ConstElementPtr reloadRegistry(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-status`: returns the state of the registry and the outcome file, the counters, and the
/// parameters in force.
isc::data::ConstElementPtr tellStatus(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-explain`: explains what the first query of a client would get, and why.
///
/// It uses the same functions that decide on queries. What depends on more than the client and the selected
/// subnet is left out: which lease the server finds, and, in a shared network, in which subnet.
template <typename Protocol>
isc::data::ConstElementPtr explain(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

extern template isc::data::ConstElementPtr explain<Dhcp4>(UserChk& user_chk,
                                                          const isc::data::ConstElementPtr& arguments);
extern template isc::data::ConstElementPtr explain<Dhcp6>(UserChk& user_chk,
                                                          const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-strangers`: returns the unregistered clients that were seen last, newest first. A client
/// that has been registered since is left out.
template <typename Protocol>
isc::data::ConstElementPtr listStrangers(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

extern template isc::data::ConstElementPtr listStrangers<Dhcp4>(UserChk& user_chk,
                                                                const isc::data::ConstElementPtr& arguments);
extern template isc::data::ConstElementPtr listStrangers<Dhcp6>(UserChk& user_chk,
                                                                const isc::data::ConstElementPtr& arguments);

} // namespace user_chk

#endif // USER_CHK_COMMANDS_COMMANDS_H
