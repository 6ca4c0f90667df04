// SPDX-License-Identifier: MPL-2.0
// Defines where clients are placed: in the subnet that Kea selected, in the restricted one, or nowhere.

#ifndef USER_CHK_POLICY_PLACEMENT_H
#define USER_CHK_POLICY_PLACEMENT_H

#include <config/placement_settings.h>
#include <config/places.h>

#include <dhcpsrv/subnet.h>
#include <exceptions/exceptions.h>

#include <algorithm>
#include <optional>
#include <set>

namespace user_chk {

/// @brief What becomes of a query on its way to a subnet.
enum class Placement {
    SELECTED,   ///< it keeps the subnet that Kea selected
    RESTRICTED, ///< it gets the restricted subnet, and no lease of any other
    DROPPED     ///< it gets no answer
};

/// @brief Decides on a query.
///
/// @param registered whether its client is treated as a registered one
/// @param settings what holds where it came from
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

/// @brief The subnet for unregistered clients: the one that the settings name, or else the last one.
///
/// @param settings what holds where the query came from
/// @param subnets Kea's collection, ordered by subnet id
/// @return the subnet, a null pointer when none is named and there is none.
/// @throw isc::InvalidOperation when the one that is named is not there.
template <typename Collection>
typename Collection::value_type restrictedSubnet(const PlacementSettings& settings,
                                                 const Collection& subnets) {
    if (!settings.restricted_subnet_id) {
        return subnets.empty() ? typename Collection::value_type() : *subnets.rbegin();
    }
    const auto& by_id = subnets.template get<isc::dhcp::SubnetSubnetIdIndexTag>();
    const auto found = by_id.find(*settings.restricted_subnet_id);
    if (found == by_id.end()) {
        isc_throw(isc::InvalidOperation,
                  "the restricted subnet with id " << *settings.restricted_subnet_id << " is not configured");
    }
    return *found;
}

/// @brief Where a query is placed.
template <typename SubnetPtr>
struct Placed {
    Placement placement; ///< what becomes of it
    SubnetPtr subnet;    ///< the subnet that it gets, a null pointer for none
};

/// @brief Places a query.
///
/// @param registered whether its client is treated as a registered one
/// @param settings what holds where it came from
/// @param selected the subnet that the server selected, a null pointer for none
/// @param subnets Kea's collection, ordered by subnet id
/// @throw isc::InvalidOperation when the restricted subnet is not there.
template <typename SubnetPtr, typename Collection>
Placed<SubnetPtr> placed(bool registered, const PlacementSettings& settings, const SubnetPtr& selected,
                         const Collection& subnets) {
    const Placement placement = placementOf(registered, settings);
    if (placement == Placement::RESTRICTED) {
        if (const SubnetPtr restricted = restrictedSubnet(settings, subnets)) {
            return {placement, restricted};
        }
    }
    return {placement, selected};
}

/// @brief Where clients who are not registered are put when they come from a subnet.
///
/// @param from the subnet
/// @param subnets Kea's collection, ordered by subnet id, with this one
/// @param parameters the settings of the library's parameters
/// @return the id of another subnet, none when they stay or get no answer.
template <typename Subnet, typename Collection>
std::optional<isc::dhcp::SubnetID> strangersGoTo(const Subnet& from, const Collection& subnets,
                                                 const PlacementSettings& parameters) {
    const PlacementSettings settings = settingsOf(from, parameters);
    if (settings.unregistered_clients != PlacementSettings::Unregistered::RESTRICT) {
        return std::nullopt;
    }
    const isc::dhcp::SubnetID to = settings.restricted_subnet_id.value_or((*subnets.rbegin())->getID());
    return to == from.getID() ? std::nullopt : std::optional<isc::dhcp::SubnetID>(to);
}

/// @brief True when a subnet is where clients who are not registered are put from another one.
///
/// @param subnet the subnet in question
/// @param subnets Kea's collection, ordered by subnet id
/// @param parameters the settings of the library's parameters
template <typename Subnet, typename Collection>
bool isForStrangers(const Subnet& subnet, const Collection& subnets, const PlacementSettings& parameters) {
    return std::any_of(subnets.begin(), subnets.end(), [&](const auto& from) {
        return strangersGoTo(*from, subnets, parameters) == subnet.getID();
    });
}

/// @brief The ids of all such subnets.
template <typename Collection>
std::set<isc::dhcp::SubnetID> subnetsForStrangers(const Collection& subnets,
                                                  const PlacementSettings& parameters) {
    std::set<isc::dhcp::SubnetID> ids;
    for (const auto& from : subnets) {
        if (const auto to = strangersGoTo(*from, subnets, parameters)) {
            ids.insert(*to);
        }
    }
    return ids;
}

} // namespace user_chk

#endif // USER_CHK_POLICY_PLACEMENT_H
