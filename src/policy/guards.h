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
#include <unordered_map>
#include <vector>

namespace user_chk {

/// @brief The class that guards the normal subnets of a shared network which has restricted ones too.
///
/// Each query has all guards while Kea selects a subnet, so they do not change that selection. When the query
/// is placed it keeps those of its side, and Kea's allocation engine keeps to its own side.
inline const isc::dhcp::ClientClass NORMAL_GUARD = "USER_CHK_NORMAL";

/// @brief The class that guards the restricted subnet of such a network. Where a network has several, the
/// second one has `USER_CHK_RESTRICTED_2`, and so on.
inline const isc::dhcp::ClientClass RESTRICTED_GUARD = "USER_CHK_RESTRICTED";

/// @brief The class that guards an open subnet of a network, `USER_CHK_OPEN_2` the second one. Open is one
/// where clients that are not registered are put from no other subnet, but are restricted to it when Kea
/// selects it, or when Kea selects none. They stay there, and all others may be there.
inline const isc::dhcp::ClientClass OPEN_GUARD = "USER_CHK_OPEN";

/// @brief True when a class is a guard of that name, the first one or another.
inline bool isGuard(const isc::dhcp::ClientClass& name, const isc::dhcp::ClientClass& first) {
    return name == first || name.rfind(first + "_", 0) == 0;
}

/// @brief True when a class is one of these.
inline bool isOurGuard(const isc::dhcp::ClientClass& name) {
    return name == NORMAL_GUARD || isGuard(name, RESTRICTED_GUARD) || isGuard(name, OPEN_GUARD);
}

/// @brief Which guards the subnets of a configuration have. Without any, nothing is done for a query.
class Guards {
public:
    /// @brief True when there are none.
    bool empty() const { return guard_of_.empty(); }

    /// @brief True when a subnet is guarded as a restricted one.
    bool isRestricted(isc::dhcp::SubnetID subnet) const;

    /// @brief Gives a query all of them.
    void open(isc::dhcp::Pkt& query) const;

    /// @brief Takes from a query all but those of its side.
    ///
    /// @param query the query
    /// @param subnet the id of the subnet where it was placed
    /// @param restricted whether it is to get no lease outside of that subnet, or else of normal subnets only
    void close(isc::dhcp::Pkt& query, isc::dhcp::SubnetID subnet, bool restricted) const;

    /// @brief Takes note of a guarded subnet.
    void add(isc::dhcp::SubnetID subnet, const isc::dhcp::ClientClass& guard);

private:
    std::unordered_map<isc::dhcp::SubnetID, isc::dhcp::ClientClass> guard_of_;
    std::set<isc::dhcp::ClientClass> names_;
};

/// @brief What guarding the subnets of a configuration came to.
struct Guarded {
    /// @brief Which guards there are.
    Guards guards;

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

/// @brief What is asked of a server's configuration as a whole.
struct ServerSettings {
    isc::dhcp::ClientClass registered_class;   ///< parameter `registered-class`
    isc::dhcp::ClientClass unregistered_class; ///< parameter `unregistered-class`
    bool global_reservations;                  ///< Kea's `reservations-global` at the top level
};

/// @brief Guards the subnets of each shared network that holds restricted or open subnets and others, takes
/// its guards off all others, and makes restricted subnets take no global reservations (Kea manual, "Client
/// Classes in Shared Networks", "Global Reservations").
///
/// A subnet that the configuration guards itself is left as it is, and its pools are guarded; guards of the
/// configuration are never replaced. Not to be called while a query is processed by these subnets.
///
/// @param subnets Kea's collection of all subnets
/// @param settings the settings of the library's parameters, the restricted subnet known
/// @param server what holds for the whole server
/// @throw isc::dhcp::DhcpConfigError naming the place whose user context is bad.
Guarded guardSubnets(const isc::dhcp::Subnet4Collection& subnets, const PlacementSettings& settings,
                     const ServerSettings& server);

/// @brief The same for DHCPv6.
Guarded guardSubnets(const isc::dhcp::Subnet6Collection& subnets, const PlacementSettings& settings,
                     const ServerSettings& server);

/// @brief All classes that subnets and their shared networks are guarded with, whoever guards them.
///
/// @param subnets Kea's collection of all subnets
isc::dhcp::ClientClasses allGuards(const isc::dhcp::Subnet4Collection& subnets);

/// @brief The same for DHCPv6.
isc::dhcp::ClientClasses allGuards(const isc::dhcp::Subnet6Collection& subnets);

} // namespace user_chk

#endif // USER_CHK_POLICY_GUARDS_H
