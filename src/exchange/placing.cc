// SPDX-License-Identifier: MPL-2.0
// Implements the placing of queries.

#include <exchange/placing.h>

#include <exchange/link.h>
#include <exchange/moved_client.h>

#include <algorithm>

namespace user_chk {
namespace {

// True when a query seems to come from a subnet to which unregistered clients of other subnets are moved: a
// client that renews an address of such a subnet is there.
template <typename Protocol>
bool isAmongUnregistered(const Site& site, const typename Protocol::Pkt& query,
                         const typename Protocol::SubnetPtr& selected) {
    return selected && isSelectedByAddress(query) &&
           site.findings().for_unregistered.count(selected->getID()) != 0;
}

// Returns the settings in force where a query came from. A subnet to which unregistered clients are moved,
// and which does not itself say where they go, keeps those that are there.
template <typename SubnetPtr, typename Subnets>
PlacementSettings settingsFor(Site& site, const SubnetPtr& selected, const Subnets& subnets,
                              bool among_unregistered) {
    const PlacementSettings parameters = site.settle(subnets);
    if (!selected) {
        return parameters;
    }
    PlacementOverrides overrides = site.findings().contexts.overridesAt(*selected);
    if (among_unregistered && !overrides.restricted_subnet_id) {
        overrides.restricted_subnet_id = selected->getID();
    }
    return parameters.with(overrides);
}

// Whether a client may move from its subnet to a normal one of the shared network.
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

// Closes the subnets of the other side to a query that was placed. If Kea has selected a restricted subnet
// for a client that need not be there, and no normal one is open to it, the restricted subnet is its own.
template <typename Protocol>
void takeSide(const Guards& guards, isc::dhcp::Pkt& query, const PlacedQuery<Protocol>& placed) {
    if (guards.empty() || !placed.subnet) {
        return;
    }
    const isc::dhcp::SubnetID id = placed.subnet->getID();
    const bool stays = placed.restricted() || (guards.isRestricted(id) &&
                                               !hasNormalSubnet(*placed.subnet, guards, query.getClasses()));
    guards.close(query, id, stays);
}

// Returns the client of a DHCPv4 query if it believes to have an address that it may no longer have. Without
// a subnet, the server then answers with a DHCPNAK.
std::optional<MovedClient> movedClient(const Site& site, const isc::dhcp::Pkt4& query, const Verdict& verdict,
                                       const PlacedQuery<Dhcp4>& placed, bool among_unregistered,
                                       const isc::dhcp::Subnet4Collection& subnets) {
    const auto address = addressHeld(query);
    if (!address || !placed.subnet || !isOfAny(*address, subnets)) {
        return std::nullopt;
    }
    const bool left_behind = verdict.registered() && among_unregistered && !networkOf(*placed.subnet);
    if (left_behind || hasMovedAwayFrom(*address, *placed.subnet, placed.restricted(), query.getClasses(),
                                        site.otherClass(verdict))) {
        return MovedClient{*address, left_behind};
    }
    return std::nullopt;
}

// Kea itself moves a DHCPv6 client: it gets the new address, and the old one with lifetimes of 0.
std::optional<MovedClient> movedClient(const Site&, const isc::dhcp::Pkt6&, const Verdict&,
                                       const PlacedQuery<Dhcp6>&, bool, const isc::dhcp::Subnet6Collection&) {
    return std::nullopt;
}

} // namespace

template <typename Protocol>
PlacedQuery<Protocol> placeQuery(Site& site, typename Protocol::Pkt& query, const Verdict& verdict,
                                 const typename Protocol::SubnetPtr& selected,
                                 const typename Protocol::Subnets& subnets) {
    const bool among_unregistered = isAmongUnregistered<Protocol>(site, query, selected);
    const PlacementSettings settings = settingsFor(site, selected, subnets, among_unregistered);
    PlacedQuery<Protocol> result;
    const auto [placement, subnet] = placed(verdict.registered(), settings, selected, subnets);
    result.placement = placement;
    result.subnet = subnet;
    result.restricted_id = settings.restricted_subnet_id;
    if (result.dropped()) {
        return result;
    }
    takeSide(site.findings().guards, query, result);
    if (settings.nak_moved_clients) {
        result.moved = movedClient(site, query, verdict, result, among_unregistered, subnets);
    }
    return result;
}

template PlacedQuery<Dhcp4> placeQuery<Dhcp4>(Site&, Dhcp4::Pkt&, const Verdict&, const Dhcp4::SubnetPtr&,
                                              const Dhcp4::Subnets&);
template PlacedQuery<Dhcp6> placeQuery<Dhcp6>(Site&, Dhcp6::Pkt&, const Verdict&, const Dhcp6::SubnetPtr&,
                                              const Dhcp6::Subnets&);

} // namespace user_chk
