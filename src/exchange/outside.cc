// SPDX-License-Identifier: MPL-2.0
// Implements what lies outside of a restricted subnet.

#include <exchange/outside.h>

#include <dhcpsrv/host.h>
#include <dhcpsrv/host_mgr.h>
#include <dhcpsrv/lease.h>

namespace user_chk {

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

bool isOutside(const IOAddress& address, uint8_t, const Subnet4& subnet) {
    return !address.isV4Zero() && !subnet.inRange(address);
}

bool isOutside(const IOAddress& address, uint8_t prefix_length, const Subnet6& subnet) {
    if (prefix_length == 0) {
        return !subnet.inRange(address);
    }
    return !subnet.inPool(Lease::TYPE_PD, address) && !HostMgr::instance().get6(subnet.getID(), address);
}

} // namespace user_chk
