// SPDX-License-Identifier: MPL-2.0
// Defines the commands of the control channel.

#ifndef USER_CHK_COMMANDS_COMMANDS_H
#define USER_CHK_COMMANDS_COMMANDS_H

#include <exchange/protocol.h>
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

/// @brief `user-chk-reload`: loads the registry now.
isc::data::ConstElementPtr reloadRegistry(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-status`: how it stands with the registry, the outcome file, the counters, and what
/// parameters are in force.
isc::data::ConstElementPtr tellStatus(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-explain`: what the first query of a client would get, and why.
///
/// The functions that decide a query decide here too. What depends on more than the client and the subnet
/// that the server selects is left out: what lease the server finds, and in a shared network of which subnet.
template <typename Protocol>
isc::data::ConstElementPtr explain(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

extern template isc::data::ConstElementPtr explain<Dhcp4>(UserChk& user_chk,
                                                          const isc::data::ConstElementPtr& arguments);
extern template isc::data::ConstElementPtr explain<Dhcp6>(UserChk& user_chk,
                                                          const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-strangers`: the clients that are not registered and were seen last, the newest first. One
/// that is registered by now is left out.
template <typename Protocol>
isc::data::ConstElementPtr listStrangers(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

extern template isc::data::ConstElementPtr listStrangers<Dhcp4>(UserChk& user_chk,
                                                                const isc::data::ConstElementPtr& arguments);
extern template isc::data::ConstElementPtr listStrangers<Dhcp6>(UserChk& user_chk,
                                                                const isc::data::ConstElementPtr& arguments);

} // namespace user_chk

#endif // USER_CHK_COMMANDS_COMMANDS_H
