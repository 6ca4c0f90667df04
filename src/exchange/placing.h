// SPDX-License-Identifier: MPL-2.0
// Defines the second stage of an exchange: a query is placed in a subnet.

#ifndef USER_CHK_EXCHANGE_PLACING_H
#define USER_CHK_EXCHANGE_PLACING_H

#include <exchange/protocol.h>
#include <policy/site.h>

#include <asiolink/io_address.h>

#include <optional>

namespace user_chk {

/// @brief A DHCPv4 client that must learn that it may not keep its address.
struct MovedClient {
    isc::asiolink::IOAddress address; ///< the address that it requests
    bool left_behind; ///< whether it is registered now, and its address belongs to the restricted subnet
};

/// @brief Where a query was placed.
template <typename Protocol>
struct PlacedQuery {
    Placement placement = Placement::SELECTED;        ///< the decision
    typename Protocol::SubnetPtr subnet;              ///< the subnet that it gets, a null pointer for none
    std::optional<isc::dhcp::SubnetID> restricted_id; ///< the restricted subnet where it came from
    std::optional<MovedClient> moved;                 ///< set when its client must get a DHCPNAK

    /// @brief True when the query must get no answer.
    bool dropped() const { return placement == Placement::DROPPED || placement == Placement::GONE; }

    /// @brief True when it may get no lease outside of its subnet.
    bool restricted() const { return placement == Placement::RESTRICTED && subnet; }
};

/// @brief True when placing a query takes no action: it keeps the subnet that Kea selected, and no other is
/// closed to it.
///
/// @param site what was derived from the server's configuration
/// @param registered whether its client is treated as a registered one
/// @param selected the subnet that the server selected, a null pointer for none
template <typename SubnetPtr>
bool staysWhereItIs(const Site& site, bool registered, const SubnetPtr& selected) {
    const PlacementSettings settings = site.settingsAt(selected);
    return placementOf(registered, settings) == Placement::SELECTED && !settings.nak_moved_clients &&
           site.findings().guards.empty();
}

/// @brief Places a query, and closes the subnets of the other side to it (see Guards).
///
/// @param site what was derived from the server's configuration; fixes which subnet is the last one
/// @param query the query
/// @param verdict the verdict on its client
/// @param selected the subnet that the server selected, a null pointer for none
/// @param subnets Kea's collection of all subnets
/// @throw isc::dhcp::DhcpConfigError naming the subnet or shared network whose user context is bad; and what
/// Kea's host data sources throw.
template <typename Protocol>
PlacedQuery<Protocol> placeQuery(Site& site, typename Protocol::Pkt& query, const Verdict& verdict,
                                 const typename Protocol::SubnetPtr& selected,
                                 const typename Protocol::Subnets& subnets);

extern template PlacedQuery<Dhcp4> placeQuery<Dhcp4>(Site&, Dhcp4::Pkt&, const Verdict&,
                                                     const Dhcp4::SubnetPtr&, const Dhcp4::Subnets&);
extern template PlacedQuery<Dhcp6> placeQuery<Dhcp6>(Site&, Dhcp6::Pkt&, const Verdict&,
                                                     const Dhcp6::SubnetPtr&, const Dhcp6::Subnets&);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_PLACING_H
