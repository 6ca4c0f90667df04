// SPDX-License-Identifier: MPL-2.0
// Implements the search for the subnet of a granted lease.

#include <outcome/lease_subnet.h>

#include <dhcpsrv/cfgmgr.h>
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

// The id of the first subnet that holds the lease, 0 when none does.
template <typename Subnets>
SubnetID firstHolder(const Subnets& subnets, const GrantedLease& lease) {
    const auto found = std::find_if(subnets.begin(), subnets.end(),
                                    [&](const auto& subnet) { return holds(*subnet, lease); });
    return found == subnets.end() ? 0 : (*found)->getID();
}

template <typename NetworkPtr, typename SubnetPtr, typename Subnets>
SubnetID find(const GrantedLease& lease, const SubnetPtr& selected, const Subnets& all) {
    if (selected && holds(*selected, lease)) {
        return selected->getID();
    }
    NetworkPtr network;
    if (selected) {
        selected->getSharedNetwork(network);
    }
    if (const SubnetID sibling = network ? firstHolder(*network->getAllSubnets(), lease) : 0) {
        return sibling;
    }
    if (const SubnetID any = firstHolder(all, lease)) {
        return any;
    }
    // A reserved prefix is in no pool.
    return selected ? selected->getID() : 0;
}

} // namespace

SubnetID subnetOf(const GrantedLease& lease, const kea::Subnet4ArgPtr& selected) {
    const auto config = CfgMgr::instance().getCurrentCfg();
    return find<SharedNetwork4Ptr>(lease, selected, *config->getCfgSubnets4()->getAll());
}

SubnetID subnetOf(const GrantedLease& lease, const kea::Subnet6ArgPtr& selected) {
    const auto config = CfgMgr::instance().getCurrentCfg();
    return find<SharedNetwork6Ptr>(lease, selected, *config->getCfgSubnets6()->getAll());
}

} // namespace user_chk
