// SPDX-License-Identifier: MPL-2.0
// Defines how the subnets of the server's configuration are guarded, when it is taken and while it changes.

#ifndef USER_CHK_HOOKS_GUARDING_H
#define USER_CHK_HOOKS_GUARDING_H

#include <exchange/protocol.h>
#include <library/user_chk.h>

namespace isc::dhcp {
class SrvConfig; // its header asks for Kea's config.h
}

namespace user_chk {

/// @brief Guards the subnets of a configuration (see guards.h) and tells the log of it; finds out which of
/// them are for unregistered clients.
///
/// Not to be called while a query is processed by this configuration.
///
/// @param user_chk the library at work; is told what is known of the configuration
/// @param config the configuration
/// @param settled whether the subnets that it has are all that there will be, so that the last of them may
/// become the restricted one
/// @throw isc::dhcp::DhcpConfigError naming the place whose user context is bad.
template <typename Protocol>
void guardConfiguration(UserChk& user_chk, const isc::dhcp::SrvConfig& config, bool settled);

extern template void guardConfiguration<Dhcp4>(UserChk& user_chk, const isc::dhcp::SrvConfig& config,
                                               bool settled);
extern template void guardConfiguration<Dhcp6>(UserChk& user_chk, const isc::dhcp::SrvConfig& config,
                                               bool settled);

} // namespace user_chk

#endif // USER_CHK_HOOKS_GUARDING_H
