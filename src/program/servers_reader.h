// SPDX-License-Identifier: MPL-2.0
// Declares how attributes are read for both servers at once.

#ifndef USER_CHK_PROGRAM_SERVERS_READER_H
#define USER_CHK_PROGRAM_SERVERS_READER_H

#include <program/server_configuration.h>
#include <registry/user_attributes.h>

#include <vector>

namespace user_chk::program {

/// @brief Makes a reader that throws what either server would throw, and has the remarks of both.
///
/// A server whose configuration is not known reads what is of its own protocol; where neither is known, both
/// read records that either one may have, and only what both remark on is a remark. What only one of two
/// servers remarks on names that server.
///
/// @param servers the configurations that are known, at most one of each protocol
AttributeReader makeServersReader(const std::vector<ServerConfiguration>& servers);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_SERVERS_READER_H
