// SPDX-License-Identifier: MPL-2.0
// Defines how the arguments of a command name a client.

#ifndef USER_CHK_COMMANDS_CLIENT_ARGUMENT_H
#define USER_CHK_COMMANDS_CLIENT_ARGUMENT_H

#include <policy/client_ids.h>
#include <user.h>

#include <cc/data.h>

#include <vector>

namespace user_chk {

/// @brief The client that arguments name: by `type` and `id`, or by `identifiers`, a list of such pairs.
///
/// @param arguments that have these, if at all, of the right types: two strings, or a list
/// @param types what clients are looked up by, in this order
/// @param own_type the type of clients' own ids in the server's protocol
/// @param server the server's name, for error texts
/// @throw isc::BadValue when they name none: both forms are given or neither, an id is that of no single
/// client, or a type stands twice or is not looked up.
ClientIds clientOf(const isc::data::ConstElementPtr& arguments, const std::vector<UserId::UserIdType>& types,
                   UserId::UserIdType own_type, const char* server);

} // namespace user_chk

#endif // USER_CHK_COMMANDS_CLIENT_ARGUMENT_H
