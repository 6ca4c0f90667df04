// SPDX-License-Identifier: MPL-2.0
// Defines what is asked of subnets and shared networks, and which PlacementSettings hold there.

#ifndef USER_CHK_CONFIG_PLACES_H
#define USER_CHK_CONFIG_PLACES_H

#include <config/placement_settings.h>
#include <kea_compat.h>

#include <cc/dhcp_config_error.h>
#include <dhcpsrv/lease.h>
#include <dhcpsrv/shared_network.h>
#include <exceptions/exceptions.h>

#include <sstream>
#include <string>
#include <vector>

namespace user_chk {

/// @brief The shared network of a subnet, a null pointer when it is in none.
inline isc::dhcp::SharedNetwork4Ptr networkOf(const isc::dhcp::Subnet4& subnet) {
    isc::dhcp::SharedNetwork4Ptr network;
    subnet.getSharedNetwork(network);
    return network;
}

/// @brief The shared network of a subnet, a null pointer when it is in none.
inline isc::dhcp::SharedNetwork6Ptr networkOf(const isc::dhcp::Subnet6& subnet) {
    isc::dhcp::SharedNetwork6Ptr network;
    subnet.getSharedNetwork(network);
    return network;
}

/// @brief What to call a subnet.
inline std::string nameOf(const isc::dhcp::Subnet& subnet) {
    std::ostringstream name;
    name << "subnet " << subnet.toText() << " (id " << subnet.getID() << ")";
    return name.str();
}

/// @brief What to call a shared network.
inline std::string nameOf(const isc::dhcp::SharedNetwork4& network) {
    return "shared network '" + network.getName() + "'";
}

/// @brief What to call a shared network.
inline std::string nameOf(const isc::dhcp::SharedNetwork6& network) {
    return "shared network '" + network.getName() + "'";
}

/// @brief The types of pools that a subnet may have.
inline std::vector<isc::dhcp::Lease::Type> poolTypes(const isc::dhcp::Subnet4&) {
    return {isc::dhcp::Lease::TYPE_V4};
}

/// @brief The types of pools that a subnet may have.
inline std::vector<isc::dhcp::Lease::Type> poolTypes(const isc::dhcp::Subnet6&) {
    return {isc::dhcp::Lease::TYPE_NA, isc::dhcp::Lease::TYPE_TA, isc::dhcp::Lease::TYPE_PD};
}

/// @brief Takes the settings of a place, which is a subnet or a shared network.
///
/// @param settings what holds where the place says nothing
/// @param place the subnet or the shared network
/// @throw isc::dhcp::DhcpConfigError naming the place and the setting that is bad.
template <typename Place>
void takeSettings(PlacementSettings& settings, const Place& place) {
    try {
        settings.takeContext(place.getContext());
    } catch (const isc::Exception& ex) {
        isc_throw(isc::dhcp::DhcpConfigError, "user-context of " << nameOf(place) << ": " << ex.what());
    }
}

/// @brief The settings that hold where this subnet was selected: its own, those of its shared network, those
/// of the parameters, in this order.
///
/// @throw isc::dhcp::DhcpConfigError naming the place and the setting that is bad.
template <typename Subnet>
PlacementSettings settingsOf(const Subnet& subnet, const PlacementSettings& parameters) {
    PlacementSettings settings = parameters;
    if (const auto network = networkOf(subnet)) {
        takeSettings(settings, *network);
    }
    takeSettings(settings, subnet);
    return settings;
}

/// @brief Who has the say in a setting where this subnet was selected.
///
/// @param subnet the subnet
/// @param setting its name
/// @return `user-context of` the subnet or its shared network; empty when neither says anything.
template <typename Subnet>
std::string whoSays(const Subnet& subnet, const std::string& setting) {
    if (PlacementSettings::isInContext(subnet.getContext(), setting)) {
        return "user-context of " + nameOf(subnet);
    }
    const auto network = networkOf(subnet);
    return network && PlacementSettings::isInContext(network->getContext(), setting)
               ? "user-context of " + nameOf(*network)
               : std::string();
}

/// @brief Checks the settings of all shared networks and subnets, and that each restricted subnet is there.
///
/// @param networks Kea's collection of shared networks
/// @param subnets Kea's collection of all subnets
/// @param parameters the settings of the library's parameters
/// @throw isc::dhcp::DhcpConfigError naming the place and the setting that is bad.
template <typename Networks, typename Subnets>
void checkPlaces(const Networks& networks, const Subnets& subnets, const PlacementSettings& parameters) {
    const auto check = [&](const PlacementSettings& settings, const std::string& place) {
        const auto id = settings.restricted_subnet_id;
        const auto& by_id = subnets.template get<isc::dhcp::SubnetSubnetIdIndexTag>();
        if (id && by_id.find(*id) == by_id.end()) {
            isc_throw(isc::dhcp::DhcpConfigError,
                      place << ": invalid restricted-subnet-id: " << *id << ", must be the id of a subnet");
        }
    };
    const auto check_all = [&](const auto& places) {
        for (const auto& place : places) {
            PlacementSettings settings;
            takeSettings(settings, *place);
            check(settings, "user-context of " + nameOf(*place));
        }
    };
    check(parameters, "parameters");
    check_all(networks);
    check_all(subnets);
}

} // namespace user_chk

#endif // USER_CHK_CONFIG_PLACES_H
