// SPDX-License-Identifier: MPL-2.0
// Reads a configuration file of a Kea server as JSON.

#ifndef USER_CHK_PROGRAM_CONFIGURATION_TEXT_H
#define USER_CHK_PROGRAM_CONFIGURATION_TEXT_H

#include <cc/data.h>

#include <string>

namespace user_chk::program {

/// @brief Reads a configuration file as the servers do: removes comments of all three kinds and commas after
/// the last member of a list, and replaces `<?include "FILE"?>` by the content of that file (Kea manual,
/// "JSON Syntax").
///
/// @param path the file
/// @throw isc::Exception `FILE: REASON` when it cannot be read, or is not a configuration.
isc::data::ElementPtr readConfiguration(const std::string& path);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_CONFIGURATION_TEXT_H
