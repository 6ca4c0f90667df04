// SPDX-License-Identifier: MPL-2.0
// Separates the normal and the restricted subnets of a server by client classes, Kea's own means.

#ifndef USER_CHK_POLICY_GUARDS_H
#define USER_CHK_POLICY_GUARDS_H

#include <kea_compat.h>
#include <policy/placement.h>

#include <dhcp/pkt.h>
#include <dhcpsrv/shared_network.h>

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace user_chk {

/// @brief The class that guards the normal subnets of a shared network that also has restricted ones.
///
/// While Kea selects a subnet, every query has all guards, so they do not affect that selection. Once the
/// query is placed, it keeps only the guards of its side, and so Kea's allocation engine stays on that side.
inline const isc::dhcp::ClientClass NORMAL_GUARD = "USER_CHK_NORMAL";

/// @brief The class that guards the restricted subnet of such a network. When a network has several, the
/// second one is guarded by `USER_CHK_RESTRICTED_2`, and so on.
inline const isc::dhcp::ClientClass RESTRICTED_GUARD = "USER_CHK_RESTRICTED";

/// @brief The class that guards an open subnet of a network; the second one is guarded by `USER_CHK_OPEN_2`.
/// A subnet is open when no other subnet's unregistered clients are moved to it, but unregistered clients are
/// restricted to it when Kea selects it, or when Kea selects none. They stay there, and all other clients may
/// use it too.
inline const isc::dhcp::ClientClass OPEN_GUARD = "USER_CHK_OPEN";

/// @brief True when a class is the guard of that name or one of its numbered variants.
inline bool isGuard(const isc::dhcp::ClientClass& name, const isc::dhcp::ClientClass& first) {
    return name == first || name.rfind(first + "_", 0) == 0;
}

/// @brief True when a class is one of this library's guards.
inline bool isOurGuard(const isc::dhcp::ClientClass& name) {
    return name == NORMAL_GUARD || isGuard(name, RESTRICTED_GUARD) || isGuard(name, OPEN_GUARD);
}

/// @brief The guards of the subnets of a configuration. When there are none, queries cost nothing.
class Guards {
public:
    /// @brief True when there are no guards.
    bool empty() const { return guard_of_.empty(); }

    /// @brief True when a subnet is guarded as a restricted one.
    bool isRestricted(isc::dhcp::SubnetID subnet) const;

    /// @brief Adds all guards to a query.
    void open(isc::dhcp::Pkt& query) const;

    /// @brief Removes all guards from a query but those of its side.
    ///
    /// @param query the query
    /// @param subnet the id of the subnet where the query was placed
    /// @param restricted true when the query may get leases of that subnet only, false when it may get leases
    /// of normal subnets only
    void close(isc::dhcp::Pkt& query, isc::dhcp::SubnetID subnet, bool restricted) const;

    /// @brief Adds a guarded subnet.
    void add(isc::dhcp::SubnetID subnet, const isc::dhcp::ClientClass& guard);

private:
    std::unordered_map<isc::dhcp::SubnetID, isc::dhcp::ClientClass> guard_of_;
    std::set<isc::dhcp::ClientClass> names_;
};

/// @brief The result of guarding the subnets of a configuration.
struct Guarded {
    /// @brief The guards.
    Guards guards;

    /// @brief The names of the shared networks whose subnets are guarded.
    std::set<std::string> networks;

    /// @brief The names, for messages, of the restricted subnets that no longer use global reservations.
    std::vector<std::string> without_global_reservations;

    /// @brief The names, for messages, of the subnets that could not be guarded because the configuration
    /// guards them and all their pools with classes of its own.
    std::vector<std::string> left;

    /// @brief True when something was changed.
    bool changed = false;
};

/// @brief The settings for the whole server.
struct ServerSettings {
    isc::dhcp::ClientClass registered_class;   ///< parameter `registered-class`
    isc::dhcp::ClientClass unregistered_class; ///< parameter `unregistered-class`
    bool global_reservations;                  ///< Kea's `reservations-global` at the top level
};

/// @brief Guards the subnets of each shared network that has restricted or open subnets and others. Removes
/// its guards from all other subnets, and turns global reservations off in restricted subnets (Kea manual,
/// "Client Classes in Shared Networks", "Global Reservations").
///
/// A subnet that the configuration itself guards is left alone, and its pools are guarded instead. Guards of
/// the configuration are never replaced. Must not be called while the server processes a query with these
/// subnets.
///
/// @param subnets Kea's collection of all subnets
/// @param settings the settings of the library's parameters, with the restricted subnet known
/// @param server the settings for the whole server
/// @throw isc::dhcp::DhcpConfigError naming the subnet or shared network whose user context is bad.
Guarded guardSubnets(const isc::dhcp::Subnet4Collection& subnets, const PlacementSettings& settings,
                     const ServerSettings& server);

/// @brief Same as above, for DHCPv6.
Guarded guardSubnets(const isc::dhcp::Subnet6Collection& subnets, const PlacementSettings& settings,
                     const ServerSettings& server);

/// @brief Returns all classes that guard subnets and their shared networks, whether of this library or of the
/// configuration.
///
/// @param subnets Kea's collection of all subnets
isc::dhcp::ClientClasses allGuards(const isc::dhcp::Subnet4Collection& subnets);

/// @brief Same as above, for DHCPv6.
isc::dhcp::ClientClasses allGuards(const isc::dhcp::Subnet6Collection& subnets);

} // namespace user_chk

#endif // USER_CHK_POLICY_GUARDS_H
