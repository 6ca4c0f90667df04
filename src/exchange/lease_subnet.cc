// SPDX-License-Identifier: MPL-2.0
// Implements the search for the subnet of a granted lease.

#include <exchange/lease_subnet.h>

#include <dhcpsrv/shared_network.h>

#include <algorithm>

namespace user_chk {

using namespace isc::dhcp;

namespace {

bool holds(const Subnet4& subnet, const GrantedLease& lease) {
    return lease.address.isV4Zero() || subnet.inRange(lease.address);
}

bool holds(const Subnet6& subnet, const GrantedLease& lease) {
    return lease.prefix_length == 0 ? subnet.inRange(lease.address)
                                    : subnet.inPool(isc::dhcp::Lease::TYPE_PD, lease.address);
}

template <typename NetworkPtr, typename SubnetPtr>
SubnetID find(const GrantedLease& lease, const SubnetPtr& selected) {
    if (!selected) {
        return 0;
    }
    NetworkPtr network;
    selected->getSharedNetwork(network);
    if (network && !holds(*selected, lease)) {
        const auto& siblings = *network->getAllSubnets();
        const auto found = std::find_if(siblings.begin(), siblings.end(),
                                        [&](const auto& sibling) { return holds(*sibling, lease); });
        if (found != siblings.end()) {
            return (*found)->getID();
        }
    }
    return selected->getID();
}

} // namespace

SubnetID subnetOf(const GrantedLease& lease, const kea::Subnet4ArgPtr& selected) {
    return find<SharedNetwork4Ptr>(lease, selected);
}

SubnetID subnetOf(const GrantedLease& lease, const kea::Subnet6ArgPtr& selected) {
    return find<SharedNetwork6Ptr>(lease, selected);
}

} // namespace user_chk
