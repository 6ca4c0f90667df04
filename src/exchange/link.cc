// SPDX-License-Identifier: MPL-2.0
// Finds the link that a query comes from.

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <exchange/link.h>

#include <config/places.h>
#include <exchange/received_query.h>
#include <kea_compat.h>
#include <policy/placement.h>

#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/subnet_selector.h>

#include <algorithm>

namespace user_chk {

using namespace isc::dhcp;

namespace {

SubnetSelector selectorOf(const Pkt4Ptr& query) {
    SubnetSelector selector = CfgSubnets4::initSelector(query);
    if (const Pkt6Ptr carrier = carrierOf(query)) {
        selector.dhcp4o6_ = true;
        selector.interface_id_ = CfgSubnets6::initSelector(carrier).interface_id_;
    }
    return selector;
}

SubnetSelector selectorOf(const Pkt6Ptr& query) {
    return CfgSubnets6::initSelector(query);
}

auto configuredSubnets(const Pkt4Ptr&) {
    return CfgMgr::instance().getCurrentCfg()->getCfgSubnets4();
}

auto configuredSubnets(const Pkt6Ptr&) {
    return CfgMgr::instance().getCurrentCfg()->getCfgSubnets6();
}

kea::Subnet4ArgPtr select(const CfgSubnets4& subnets, const SubnetSelector& selector) {
    return selector.dhcp4o6_ ? subnets.selectSubnet4o6(selector) : subnets.selectSubnet(selector);
}

kea::Subnet6ArgPtr select(const CfgSubnets6& subnets, const SubnetSelector& selector) {
    return subnets.selectSubnet(selector);
}

// Removes from a query the classes to which a subnet or network is open. Returns false when it is open to
// all.
template <typename Place>
bool close(const Place& place, ClientClasses& classes) {
    const auto guards = kea::guardsOf(place);
    for (const ClientClass& name : guards) {
        classes.erase(name);
    }
    return !guards.empty();
}

// Removes from a query the classes by which a subnet was selected. Returns false when it is open to all.
template <typename Subnet>
bool closeSelected(const Subnet& subnet, ClientClasses& classes) {
    if (close(subnet, classes)) {
        return true;
    }
    const auto network = networkOf(subnet);
    return network && close(*network, classes);
}

// True when the scope includes every subnet whose unregistered clients are moved to this one.
template <typename Subnets>
bool includesOrigins(const Scope& scope, SubnetID restricted, const Origins& origins,
                     const Subnets& subnets) {
    const auto found = origins.find(restricted);
    return found != origins.end() &&
           std::all_of(found->second.begin(), found->second.end(), [&](SubnetID id) {
               const auto origin = subnetWithId(subnets, id);
               return origin && scope.includes(*origin);
           });
}

template <typename PktPtr>
bool isWithin(const PktPtr& query, const Scope& scope, const Site::Findings& findings) {
    const auto subnets = configuredSubnets(query); // held while they are used, whatever the server does
    SubnetSelector selector = selectorOf(query);
    selector.client_classes_ = findings.all_guards;
    while (const auto subnet = select(*subnets, selector)) {
        if (scope.includes(*subnet) ||
            (isSelectedByAddress(*query) &&
             includesOrigins(scope, subnet->getID(), findings.unregistered_from, *subnets->getAll()))) {
            return true;
        }
        // Classes do not matter to DHCPv4-over-DHCPv6.
        if (selector.dhcp4o6_ || !closeSelected(*subnet, selector.client_classes_)) {
            break;
        }
    }
    return false;
}

} // namespace

bool mayHaveNoSubnet(const Pkt4Ptr& query) {
    if (carrierOf(query) || !query->getLocalAddr().isV4Bcast() || !relayAddressIn(query->data_).isV4Zero()) {
        return false;
    }
    SubnetSelector selector;
    selector.ciaddr_ = clientAddressIn(query->data_);
    selector.local_address_ = query->getLocalAddr();
    selector.remote_address_ = query->getRemoteAddr();
    selector.iface_name_ = query->getIface();
    selector.client_classes_ = query->classes_;
    return !configuredSubnets(query)->selectSubnet(selector);
}

bool isSelectedByAddress(const Pkt4& query) {
    return query.getGiaddr().isV4Zero() && !query.getCiaddr().isV4Zero() && !query.getLocalAddr().isV4Bcast();
}

bool comesFromWithin(const Pkt4Ptr& query, const Scope& scope, const Site::Findings& findings) {
    return isWithin(query, scope, findings);
}

bool comesFromWithin(const Pkt6Ptr& query, const Scope& scope, const Site::Findings& findings) {
    return isWithin(query, scope, findings);
}

} // namespace user_chk
