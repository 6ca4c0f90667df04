// SPDX-License-Identifier: MPL-2.0
// Creates a reader of attributes for both servers at once.

#ifndef USER_CHK_PROGRAM_SERVERS_READER_H
#define USER_CHK_PROGRAM_SERVERS_READER_H

#include <program/server_configuration.h>
#include <registry/user_attributes.h>

#include <vector>

namespace user_chk::program {

/// @brief Creates a reader that throws what either server would throw, and makes the remarks of both.
///
/// A server whose configuration is not known reads the records of its own protocol. If neither configuration
/// is known, both servers read records that apply to both protocols, and only common remarks are made. A
/// remark that only one of two servers makes names that server.
///
/// @param servers the known configurations, at most one for each protocol
AttributeReader makeServersReader(const std::vector<ServerConfiguration>& servers);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_SERVERS_READER_H
