// SPDX-License-Identifier: MPL-2.0
// Decides where clients are placed: in the subnet that Kea selected, in the restricted one, or nowhere.

#ifndef USER_CHK_POLICY_PLACEMENT_H
#define USER_CHK_POLICY_PLACEMENT_H

#include <config/placement_settings.h>
#include <config/places.h>

#include <dhcpsrv/subnet.h>

#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace user_chk {

/// @brief The decision on the subnet of a query.
enum class Placement {
    SELECTED,   ///< it keeps the subnet that Kea selected
    RESTRICTED, ///< it is moved to the restricted subnet, and gets no lease of another
    DROPPED,    ///< it gets no answer
    GONE        ///< it gets no answer because its restricted subnet is not configured
};

/// @brief Decides on a query.
///
/// @param registered whether its client is treated as a registered one
/// @param settings the settings in force where the query came from
inline Placement placementOf(bool registered, const PlacementSettings& settings) {
    if (registered) {
        return Placement::SELECTED;
    }
    switch (settings.unregistered_clients) {
    case PlacementSettings::Unregistered::DROP:
        return Placement::DROPPED;
    case PlacementSettings::Unregistered::CLASSIFY:
        return Placement::SELECTED;
    default:
        return Placement::RESTRICTED;
    }
}

/// @brief Returns the last subnet of Kea's collection, which is ordered by subnet id.
///
/// @return its id, none when there are no subnets.
template <typename Collection>
std::optional<isc::dhcp::SubnetID> lastSubnetId(const Collection& subnets) {
    return subnets.empty() ? std::nullopt : std::optional<isc::dhcp::SubnetID>((*subnets.rbegin())->getID());
}

/// @brief Returns the subnet with an id, a null pointer when there is none.
template <typename Collection>
typename Collection::value_type subnetWithId(const Collection& subnets, isc::dhcp::SubnetID id) {
    const auto& by_id = subnets.template get<isc::dhcp::SubnetSubnetIdIndexTag>();
    const auto found = by_id.find(id);
    return found == by_id.end() ? typename Collection::value_type() : *found;
}

/// @brief The placement of a query.
template <typename SubnetPtr>
struct Placed {
    Placement placement; ///< the decision
    SubnetPtr subnet;    ///< the subnet that the query gets, a null pointer for none
};

/// @brief Places a query.
///
/// @param registered whether its client is treated as a registered one
/// @param settings the settings in force where the query came from; they name the restricted subnet, unless
/// there are no subnets
/// @param selected the subnet that the server selected, a null pointer for none
/// @param subnets Kea's collection of all subnets
template <typename SubnetPtr, typename Collection>
Placed<SubnetPtr> placed(bool registered, const PlacementSettings& settings, const SubnetPtr& selected,
                         const Collection& subnets) {
    const Placement placement = placementOf(registered, settings);
    if (placement != Placement::RESTRICTED || !settings.restricted_subnet_id) {
        return {placement, selected};
    }
    const SubnetPtr restricted = subnetWithId(subnets, *settings.restricted_subnet_id);
    return {restricted ? placement : Placement::GONE, restricted};
}

/// @brief Returns where the unregistered clients of a subnet are moved.
///
/// @param from the subnet
/// @param parameters the settings of the library's parameters, with the restricted subnet known
/// @return the id of another subnet, none when they stay or get no answer.
template <typename Subnet>
std::optional<isc::dhcp::SubnetID> unregisteredGoTo(const Subnet& from, const PlacementSettings& parameters) {
    const PlacementSettings settings = settingsOf(from, parameters);
    const bool restricts = settings.unregistered_clients == PlacementSettings::Unregistered::RESTRICT;
    return restricts && settings.restricted_subnet_id != from.getID() ? settings.restricted_subnet_id
                                                                      : std::nullopt;
}

/// @brief Returns the ids of the subnets to which unregistered clients of other subnets are moved.
///
/// @param subnets Kea's collection of all subnets
/// @param parameters the settings of the library's parameters, with the restricted subnet known
template <typename Collection>
std::set<isc::dhcp::SubnetID> subnetsForUnregistered(const Collection& subnets,
                                                     const PlacementSettings& parameters) {
    std::set<isc::dhcp::SubnetID> ids;
    for (const auto& from : subnets) {
        if (const auto to = unregisteredGoTo(*from, parameters)) {
            ids.insert(*to);
        }
    }
    return ids;
}

/// @brief By the id of a subnet: the ids of the subnets whose unregistered clients are moved to it.
typedef std::unordered_map<isc::dhcp::SubnetID, std::vector<isc::dhcp::SubnetID>> Origins;

/// @brief Returns, for each of subnetsForUnregistered(), the subnets whose unregistered clients are moved to
/// it.
///
/// @param subnets Kea's collection of all subnets
/// @param parameters the settings of the library's parameters, with the restricted subnet known
template <typename Collection>
Origins originsOfUnregistered(const Collection& subnets, const PlacementSettings& parameters) {
    Origins origins;
    for (const auto& from : subnets) {
        if (const auto to = unregisteredGoTo(*from, parameters)) {
            origins[*to].push_back(from->getID());
        }
    }
    return origins;
}

} // namespace user_chk

#endif // USER_CHK_POLICY_PLACEMENT_H
