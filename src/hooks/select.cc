// SPDX-License-Identifier: MPL-2.0
// The callouts subnet4_select and subnet6_select: they place the client in a subnet.

#include <config/places.h>
#include <hooks/callout.h>
#include <hooks/lease.h>
#include <hooks/protocol.h>
#include <policy/moved_client.h>
#include <policy/placement.h>
#include <policy/sibling_claim.h>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

template <typename SubnetPtr>
std::string subnetText(const SubnetPtr& subnet) {
    return subnet ? subnet->toText() : "none";
}

// The server selects the subnet of a query that renews an address by that address, wherever its client is.
bool isSelectedByAddress(const isc::dhcp::Pkt4& query) {
    return query.getGiaddr().isV4Zero() && !query.getCiaddr().isV4Zero() && !query.getLocalAddr().isV4Bcast();
}

bool isSelectedByAddress(const isc::dhcp::Pkt6&) {
    return false;
}

// True when a query comes, as it seems, from a subnet that others are put into for not being registered:
// whoever renews an address of such a subnet is there.
template <typename Protocol>
bool isAmongStrangers(const typename Protocol::Pkt& query, const typename Protocol::SubnetPtr& selected,
                      const typename Protocol::Subnets& subnets) {
    if (!selected || !isSelectedByAddress(query)) {
        return false;
    }
    if (const auto& known = requireUserChk().known().for_strangers) {
        return known->count(selected->getID()) != 0;
    }
    return isForStrangers(*selected, subnets, requireUserChk().parameters().placement);
}

// True when a DHCPv4 client asks for an address that it may no longer have; without a subnet the server then
// answers it by a DHCPNAK.
bool isToMove(const isc::dhcp::Pkt4Ptr& query, const Decision<Dhcp4>& decision, Placement placement,
              bool among_strangers) {
    const auto address = addressAskedFor(*query);
    if (!address || !decision.subnet) {
        return false;
    }
    const Parameters& parameters = requireUserChk().parameters();
    const bool registered = decision.verdict.registered();
    const auto& other_side = registered ? parameters.unregistered_class : parameters.registered_class;
    const bool left_behind = registered && among_strangers && !networkOf(*decision.subnet);
    if (!left_behind && !isOutside(*address, *decision.subnet, placement, query->getClasses(), other_side)) {
        return false;
    }
    makeSureOfNak(query);
    LOG_INFO(user_chk_logger, USER_CHK_CLIENT_MOVED)
        .arg(query->getLabel())
        .arg(address->toText())
        .arg(left_behind ? "another subnet than that of strangers" : subnetText(decision.subnet));
    return true;
}

// A DHCPv6 client is moved by Kea itself: it gets the new address, and the old one with lifetimes of 0.
bool isToMove(const isc::dhcp::Pkt6Ptr&, const Decision<Dhcp6>&, Placement, bool) {
    return false;
}

// True when a subnet, or its shared network, says itself where strangers go.
template <typename Subnet>
bool namesRestrictedSubnet(const Subnet& subnet) {
    return settingsOf(subnet, PlacementSettings()).restricted_subnet_id.has_value();
}

template <typename Protocol>
void drop(CalloutHandle& handle, const Decision<Protocol>& decision) {
    LOG_DEBUG(user_chk_logger, isc::log::DBGLVL_TRACE_BASIC, USER_CHK_UNREGISTERED_DROPPED)
        .arg(subnetText(decision.subnet));
    handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
}

// Drops a query that the server would answer by a lease of another subnet, and could not be kept from it
// later.
template <typename Protocol>
void refuseSiblingClaim(CalloutHandle& handle, typename Protocol::Pkt& query, Decision<Protocol>& decision) {
    if (const auto claim = siblingClaim(query, *decision.subnet)) {
        refuse(decision, *claim);
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
    }
}

// Gives the query the subnet that it is placed in.
template <typename Protocol>
void give(CalloutHandle& handle, const typename Protocol::SubnetPtr& subnet,
          const typename Protocol::SubnetPtr& selected) {
    LOG_DEBUG(user_chk_logger, isc::log::DBGLVL_TRACE_BASIC, USER_CHK_SUBNET_RESTRICTED)
        .arg(subnetText(subnet))
        .arg(subnetText(selected));
    handle.setArgument(Protocol::SUBNET, subnet);
}

template <typename Protocol>
void place(CalloutHandle& handle, Decision<Protocol>& decision) {
    const PlacementSettings& parameters = requireUserChk().parameters().placement;
    const auto selected = argument<typename Protocol::SubnetPtr>(handle, Protocol::SUBNET);
    PlacementSettings settings = selected ? settingsOf(*selected, parameters) : parameters;
    const bool registered = decision.verdict.registered();
    decision.subnet = selected;
    if (placementOf(registered, settings) == Placement::SELECTED && !settings.nak_moved_clients) {
        return;
    }
    const auto query = argument<typename Protocol::PktPtr>(handle, Protocol::QUERY);
    const auto* subnets = argument<const typename Protocol::Subnets*>(handle, Protocol::SUBNETS);
    const bool among_strangers = isAmongStrangers<Protocol>(*query, selected, *subnets);
    if (among_strangers && !namesRestrictedSubnet(*selected)) {
        settings.restricted_subnet_id = selected->getID();
    }
    const auto [placement, subnet] = placed(registered, settings, selected, *subnets);
    decision.subnet = subnet;
    if (placement == Placement::DROPPED) {
        drop(handle, decision);
        return;
    }
    if (placement == Placement::RESTRICTED && subnet) {
        give<Protocol>(handle, subnet, selected);
        decision.restricted = networkOf(*subnet) != nullptr;
    }
    if (settings.nak_moved_clients && isToMove(query, decision, placement, among_strangers)) {
        handle.setStatus(CalloutHandle::NEXT_STEP_SKIP);
    } else if (decision.restricted) {
        refuseSiblingClaim(handle, *query, decision);
    }
}

template <typename Protocol>
int select(CalloutHandle& handle) {
    if (alreadyDecided(handle)) {
        return 0;
    }
    if (!userChk()) {
        LOG_ERROR(user_chk_logger, Protocol::REGISTRY_NULL);
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        return 1;
    }
    return guarded(handle, Protocol::SELECT_ERROR, [&handle] {
        const DecisionPtr<Protocol> decision = keptDecision<Protocol>(handle);
        if (decision->verdict.denied()) {
            handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        } else {
            place(handle, *decision);
        }
    });
}

} // namespace
} // namespace user_chk

extern "C" {

int subnet4_select(CalloutHandle& handle) {
    return user_chk::select<user_chk::Dhcp4>(handle);
}

int subnet6_select(CalloutHandle& handle) {
    return user_chk::select<user_chk::Dhcp6>(handle);
}

} // extern "C"
