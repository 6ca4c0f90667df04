// SPDX-License-Identifier: MPL-2.0
// Defines whether an address is reserved for anybody.

#ifndef USER_CHK_POLICY_RESERVATION_H
#define USER_CHK_POLICY_RESERVATION_H

#include <asiolink/io_address.h>
#include <dhcpsrv/host_mgr.h>
#include <dhcpsrv/subnet_id.h>

namespace user_chk {

/// @brief True when an address, of either protocol, is reserved in a subnet, whoever it is reserved for.
///
/// Asks all of the server's host data sources (Kea manual, "Host Reservations"). Throws what they throw.
inline bool isReserved(isc::dhcp::SubnetID subnet, const isc::asiolink::IOAddress& address) {
    const isc::dhcp::HostMgr& hosts = isc::dhcp::HostMgr::instance();
    return address.isV4() ? hosts.get4(subnet, address) != nullptr : hosts.get6(subnet, address) != nullptr;
}

} // namespace user_chk

#endif // USER_CHK_POLICY_RESERVATION_H
