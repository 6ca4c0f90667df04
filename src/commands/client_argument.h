// SPDX-License-Identifier: MPL-2.0
// Parses the client in the arguments of a command.

#ifndef USER_CHK_COMMANDS_CLIENT_ARGUMENT_H
#define USER_CHK_COMMANDS_CLIENT_ARGUMENT_H

#include <policy/client_ids.h>
#include <user.h>

#include <cc/data.h>

#include <vector>

namespace user_chk {

/// @brief Returns the client in the arguments: given by `type` and `id`, or by `identifiers`, a list of such
/// pairs.
///
/// @param arguments these members, if present, have the right types: two strings, or a list
/// @param types the types by which clients are looked up, in order
/// @param own_type the type of clients' own ids in the server's protocol
/// @param server the server's name, for error messages
/// @throw isc::BadValue when the arguments name no client: both forms are given or neither, an id does not
/// stand for a single client, or a type is repeated or not looked up.
ClientIds clientOf(const isc::data::ConstElementPtr& arguments, const std::vector<UserId::UserIdType>& types,
                   UserId::UserIdType own_type, const char* server);

} // namespace user_chk

#endif // USER_CHK_COMMANDS_CLIENT_ARGUMENT_H
