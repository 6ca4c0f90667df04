// SPDX-License-Identifier: MPL-2.0
// Defines the command that tells what a client would get, and why.

#ifndef USER_CHK_COMMANDS_EXPLAIN_H
#define USER_CHK_COMMANDS_EXPLAIN_H

#include <exchange/protocol.h>
#include <library/user_chk.h>

#include <cc/data.h>

namespace user_chk {

/// @brief `user-chk-explain`: what the first query of a client would get, and why.
///
/// The functions that decide a query decide here too. What depends on more than the client and the subnet
/// that the server selects is left out: what lease the server finds, and in a shared network of which subnet.
/// Any thread may call it, beside packets and other commands.
///
/// @param user_chk the library at work
/// @param arguments those of the command, a null pointer for none
/// @return the answer.
/// @throw isc::Exception when arguments are bad; the text is for the one who asked.
template <typename Protocol>
isc::data::ConstElementPtr explain(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

extern template isc::data::ConstElementPtr explain<Dhcp4>(UserChk& user_chk,
                                                          const isc::data::ConstElementPtr& arguments);
extern template isc::data::ConstElementPtr explain<Dhcp6>(UserChk& user_chk,
                                                          const isc::data::ConstElementPtr& arguments);

} // namespace user_chk

#endif // USER_CHK_COMMANDS_EXPLAIN_H
