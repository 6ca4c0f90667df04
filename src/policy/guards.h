// SPDX-License-Identifier: MPL-2.0
// Defines how the normal and the restricted subnets of a server are kept apart by Kea's own means.

#ifndef USER_CHK_POLICY_GUARDS_H
#define USER_CHK_POLICY_GUARDS_H

#include <kea_compat.h>
#include <policy/placement.h>

#include <dhcp/pkt.h>
#include <dhcpsrv/shared_network.h>

#include <set>
#include <string>
#include <vector>

namespace user_chk {

/// @brief The class that guards the normal subnets of a shared network which has a restricted one too.
///
/// Each query has it, and the other one, while Kea selects a subnet, so the guards do not change that
/// selection. When the query is placed it loses the class of the other side, and Kea's allocation engine
/// keeps to its own side.
inline const isc::dhcp::ClientClass NORMAL_GUARD = "USER_CHK_NORMAL";

/// @brief The class that guards the restricted subnets of such a network.
inline const isc::dhcp::ClientClass RESTRICTED_GUARD = "USER_CHK_RESTRICTED";

/// @brief What the guards of a configuration came to.
struct Guarded {
    /// @brief The names of the shared networks whose subnets are guarded.
    std::set<std::string> networks;

    /// @brief What to call the restricted subnets that no longer take global reservations.
    std::vector<std::string> without_global_reservations;

    /// @brief What to call the subnets that could not be guarded, since the configuration guards them, and
    /// all of their pools, with classes of its own.
    std::vector<std::string> left;

    /// @brief True when something was changed.
    bool changed = false;
};

/// @brief The classes with which a configuration tells registered clients from the others.
struct StandingClasses {
    isc::dhcp::ClientClass registered;   ///< `registered-class`
    isc::dhcp::ClientClass unregistered; ///< `unregistered-class`
};

/// @brief Guards the subnets of each shared network that holds both normal and restricted subnets, takes its
/// guards off all others, and makes restricted subnets take no global reservations (Kea manual, "Client
/// Classes in Shared Networks", "Global Reservations").
///
/// A subnet that the configuration guards itself is left as it is, and its pools are guarded; guards of the
/// configuration are never replaced. Not to be called while a query is processed by these subnets.
///
/// @param subnets Kea's collection of all subnets
/// @param settings the settings of the library's parameters, the restricted subnet known
/// @param standing the classes of the parameters
/// @throw isc::dhcp::DhcpConfigError naming the place whose user context is bad.
Guarded guardSubnets(const isc::dhcp::Subnet4Collection& subnets, const PlacementSettings& settings,
                     const StandingClasses& standing);

/// @brief The same for DHCPv6.
Guarded guardSubnets(const isc::dhcp::Subnet6Collection& subnets, const PlacementSettings& settings,
                     const StandingClasses& standing);

/// @brief Gives a query the classes of both sides.
inline void openBothSides(isc::dhcp::Pkt& query) {
    query.addClass(NORMAL_GUARD);
    query.addClass(RESTRICTED_GUARD);
}

/// @brief Takes the class of the other side from a query.
///
/// @param query the query
/// @param restricted whether its client was placed in a restricted subnet
inline void takeSide(isc::dhcp::Pkt& query, bool restricted) {
    query.classes_.erase(restricted ? NORMAL_GUARD : RESTRICTED_GUARD);
}

} // namespace user_chk

#endif // USER_CHK_POLICY_GUARDS_H
