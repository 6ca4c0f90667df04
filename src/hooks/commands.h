// SPDX-License-Identifier: MPL-2.0
// Defines how the library's commands get onto Kea's control channel.

#ifndef USER_CHK_HOOKS_COMMANDS_H
#define USER_CHK_HOOKS_COMMANDS_H

#include <hooks/library_handle.h>

namespace user_chk {

/// @brief Registers the library's commands (Kea manual, "Management API"), and those of Kea that tell of
/// statistics, which are brought up to date first.
///
/// @param handle what load() was given
/// @param is_v4 whether the server is kea-dhcp4
void registerCommands(isc::hooks::LibraryHandle& handle, bool is_v4);

} // namespace user_chk

#endif // USER_CHK_HOOKS_COMMANDS_H
