// SPDX-License-Identifier: MPL-2.0
// Defines the callout that looks at DHCPv4 queries before Kea does, which some configurations need.

#ifndef USER_CHK_HOOKS_RECEIVE_H
#define USER_CHK_HOOKS_RECEIVE_H

#include <hooks/library_handle.h>

namespace user_chk {

/// @brief Registers buffer4_receive. To be called in load() where subnets or pools are guarded, or may be:
/// the classes of a query must be there before Kea looks for a subnet that is open to it.
void registerBufferCallout(isc::hooks::LibraryHandle& handle);

} // namespace user_chk

#endif // USER_CHK_HOOKS_RECEIVE_H
