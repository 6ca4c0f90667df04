// SPDX-License-Identifier: MPL-2.0
// The callouts subnet4_select and subnet6_select: they place the client in a subnet.

#include <config/places.h>
#include <exchange/moved_client.h>
#include <exchange/protocol.h>
#include <hooks/callout.h>
#include <policy/guards.h>
#include <policy/placement.h>

#include <algorithm>

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
bool isAmongUnregistered(const UserChk& user_chk, const typename Protocol::Pkt& query,
                         const typename Protocol::SubnetPtr& selected) {
    return selected && isSelectedByAddress(query) &&
           user_chk.known().for_unregistered.count(selected->getID()) != 0;
}

// True when a DHCPv4 client believes to have an address that it may no longer have; without a subnet the
// server then answers it by a DHCPNAK.
bool isToMove(UserChk& user_chk, const isc::dhcp::Pkt4Ptr& query, const Decision<Dhcp4>& decision,
              bool among_unregistered, const isc::dhcp::Subnet4Collection& subnets) {
    const auto address = addressHeld(*query);
    if (!address || !decision.subnet || !isOfAny(*address, subnets)) {
        return false;
    }
    const bool left_behind =
        decision.verdict.registered() && among_unregistered && !networkOf(*decision.subnet);
    if (!left_behind && !hasMovedAwayFrom(*address, *decision.subnet, decision.restricted,
                                          query->getClasses(), user_chk.otherClass(decision.verdict))) {
        return false;
    }
    makeSureOfNak(query);
    user_chk.movedMessage().tell([&](isc::log::Logger::Formatter message) {
        message.arg(query->getLabel())
            .arg(address->toText())
            .arg(left_behind ? "another subnet than the restricted one" : subnetText(decision.subnet));
    });
    return true;
}

// A DHCPv6 client is moved by Kea itself: it gets the new address, and the old one with lifetimes of 0.
bool isToMove(UserChk&, const isc::dhcp::Pkt6Ptr&, const Decision<Dhcp6>&, bool,
              const isc::dhcp::Subnet6Collection&) {
    return false;
}

// True when a subnet, or its shared network, says itself where unregistered clients go.
template <typename Subnet>
bool namesRestrictedSubnet(const Subnet& subnet) {
    return settingsOf(subnet, PlacementSettings()).restricted_subnet_id.has_value();
}

// Drops a query that is to get no answer where it came from.
template <typename SubnetPtr>
void drop(UserChk& user_chk, CalloutHandle& handle, Placement placement, const SubnetPtr& selected,
          const PlacementSettings& settings) {
    if (placement == Placement::DROPPED) {
        LOG_DEBUG(user_chk_logger, isc::log::DBGLVL_TRACE_BASIC, USER_CHK_UNREGISTERED_DROPPED)
            .arg(subnetText(selected));
    } else if (user_chk.tellsOfGoneSubnet()) {
        LOG_ERROR(user_chk_logger, USER_CHK_RESTRICTED_SUBNET_GONE).arg(*settings.restricted_subnet_id);
    }
    handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
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

// Whether a client may go from its subnet to a normal one of the shared network.
template <typename Subnet>
bool hasNormalSubnet(const Subnet& subnet, const Guards& guards, const isc::dhcp::ClientClasses& classes) {
    const auto network = networkOf(subnet);
    if (!network) {
        return false;
    }
    const auto& siblings = *network->getAllSubnets();
    return std::any_of(siblings.begin(), siblings.end(), [&](const auto& sibling) {
        return !guards.isRestricted(sibling->getID()) && sibling->clientSupported(classes);
    });
}

// Closes the subnets of the other side to a query that was placed. Where Kea has selected a restricted subnet
// for a client that need not be there, and no normal one is open to it, that is its own.
template <typename Protocol>
void takeSide(const Guards& guards, isc::dhcp::Pkt& query, const Decision<Protocol>& decision) {
    if (guards.empty() || !decision.subnet) {
        return;
    }
    const isc::dhcp::SubnetID id = decision.subnet->getID();
    const bool stays =
        decision.restricted ||
        (guards.isRestricted(id) && !hasNormalSubnet(*decision.subnet, guards, query.getClasses()));
    guards.close(query, id, stays);
}

// Places a query whose client is restricted, dropped, or may have to be told that it has moved.
template <typename Protocol>
void placeElsewhere(UserChk& user_chk, CalloutHandle& handle, const typename Protocol::PktPtr& query,
                    Decision<Protocol>& decision) {
    const typename Protocol::SubnetPtr selected = decision.subnet;
    const auto& subnets = *argument<const typename Protocol::Subnets*>(handle, Protocol::SUBNETS);
    const PlacementSettings parameters = user_chk.placement(subnets);
    PlacementSettings settings = selected ? settingsOf(*selected, parameters) : parameters;
    const bool among_unregistered = isAmongUnregistered<Protocol>(user_chk, *query, selected);
    if (among_unregistered && !namesRestrictedSubnet(*selected)) {
        settings.restricted_subnet_id = selected->getID();
    }
    const auto [placement, subnet] = placed(decision.verdict.registered(), settings, selected, subnets);
    if (placement == Placement::DROPPED || placement == Placement::GONE) {
        drop(user_chk, handle, placement, selected, settings);
        return;
    }
    decision.restricted = placement == Placement::RESTRICTED && subnet;
    if (decision.restricted) {
        give<Protocol>(handle, decision.subnet = subnet, selected);
    }
    takeSide(user_chk.known().guards, *query, decision);
    if (settings.nak_moved_clients && isToMove(user_chk, query, decision, among_unregistered, subnets)) {
        handle.setStatus(CalloutHandle::NEXT_STEP_SKIP);
    }
}

template <typename Protocol>
void place(UserChk& user_chk, CalloutHandle& handle, Decision<Protocol>& decision) {
    const PlacementSettings& parameters = user_chk.parameters().placement;
    decision.subnet = argument<typename Protocol::SubnetPtr>(handle, Protocol::SUBNET);
    const PlacementSettings settings =
        decision.subnet ? settingsOf(*decision.subnet, parameters) : parameters;
    const bool stays = placementOf(decision.verdict.registered(), settings) == Placement::SELECTED &&
                       !settings.nak_moved_clients;
    if (stays && user_chk.known().guards.empty()) {
        return;
    }
    const auto query = argument<typename Protocol::PktPtr>(handle, Protocol::QUERY);
    if (stays) {
        takeSide(user_chk.known().guards, *query, decision);
    } else {
        placeElsewhere(user_chk, handle, query, decision);
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
    return guarded(handle, Protocol::SELECT_ERROR, [&handle](UserChk& user_chk) {
        const DecisionPtr<Protocol> decision = keptDecision<Protocol>(user_chk, handle);
        if (decision->verdict.denied()) {
            handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        } else {
            place(user_chk, handle, *decision);
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
