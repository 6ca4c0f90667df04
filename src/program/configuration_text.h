// SPDX-License-Identifier: MPL-2.0
// Declares how a configuration file of a Kea server is read as JSON.

#ifndef USER_CHK_PROGRAM_CONFIGURATION_TEXT_H
#define USER_CHK_PROGRAM_CONFIGURATION_TEXT_H

#include <cc/data.h>

#include <string>

namespace user_chk::program {

/// @brief Reads a configuration file as the servers do: comments of the three kinds are left out, so is a
/// comma behind the last of a list, and `<?include "FILE"?>` is replaced by what is in that file (Kea manual,
/// "JSON Syntax").
///
/// @param path the file
/// @throw isc::Exception `FILE: REASON` when it cannot be read, or is anything else.
isc::data::ElementPtr readConfiguration(const std::string& path);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_CONFIGURATION_TEXT_H
