// SPDX-License-Identifier: MPL-2.0
// Defines which callouts load() registers beside those that Kea finds by their names.

#ifndef USER_CHK_HOOKS_CALLOUTS_H
#define USER_CHK_HOOKS_CALLOUTS_H

#include <hooks/library_handle.h>

namespace user_chk {

/// @brief Registers buffer4_receive, where subnets or pools are guarded, or may be: the classes of a query
/// must be there before Kea looks for a subnet that is open to it.
void registerBufferCallout(isc::hooks::LibraryHandle& handle);

/// @brief Registers the library's commands (Kea manual, "Management API"), and those of Kea that tell of
/// statistics, which are brought up to date first.
void registerCommands(isc::hooks::LibraryHandle& handle, bool is_v4);

/// @brief Registers command_processed, where commands may change subnets.
void registerCommandProcessed(isc::hooks::LibraryHandle& handle, bool is_v4);

/// @brief Registers the callouts for leases, where a registration ends: they shorten a lease before the
/// server stores it.
void registerLeases(isc::hooks::LibraryHandle& handle, bool is_v4);

} // namespace user_chk

#endif // USER_CHK_HOOKS_CALLOUTS_H
