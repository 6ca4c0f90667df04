// SPDX-License-Identifier: MPL-2.0
// Defines how the library hears of commands that change subnets.

#ifndef USER_CHK_HOOKS_UPDATED_H
#define USER_CHK_HOOKS_UPDATED_H

#include <hooks/library_handle.h>

namespace user_chk {

/// @brief Registers command_processed. To be called in load() where commands may change subnets.
///
/// @param handle what load() was given
/// @param is_v4 whether the server is kea-dhcp4
void registerCommandCallout(isc::hooks::LibraryHandle& handle, bool is_v4);

} // namespace user_chk

#endif // USER_CHK_HOOKS_UPDATED_H
