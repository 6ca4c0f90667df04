// SPDX-License-Identifier: MPL-2.0
// Declares the check of where the server may write files.

#ifndef USER_CHK_HOOKS_FILE_PLACES_H
#define USER_CHK_HOOKS_FILE_PLACES_H

#include <config/parameters.h>

#include <string>
#include <vector>

namespace user_chk {

/// @brief Checks that the files that the server creates are where Kea lets a configuration have files
/// created: nobody who may only change the configuration is to create or append to any other file. The
/// default outcome-file is allowed anywhere.
///
/// @param parameters the parameters; outcome-file and registry-copy are checked, if they are used
/// @param folders the directories in or below which files may be; none for anywhere
/// @throw isc::dhcp::DhcpConfigError naming the parameter, its file and the directories.
void checkPlaces(const Parameters& parameters, const std::vector<std::string>& folders);

} // namespace user_chk

#endif // USER_CHK_HOOKS_FILE_PLACES_H
