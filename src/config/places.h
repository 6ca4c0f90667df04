// SPDX-License-Identifier: MPL-2.0
// Names subnets and shared networks and finds the PlacementSettings in force there. Defines ParsedContexts.

#ifndef USER_CHK_CONFIG_PLACES_H
#define USER_CHK_CONFIG_PLACES_H

#include <config/placement_settings.h>
#include <kea_compat.h>

#include <cc/dhcp_config_error.h>
#include <dhcpsrv/lease.h>
#include <dhcpsrv/shared_network.h>
#include <exceptions/exceptions.h>

#include <optional>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

namespace user_chk {

/// @brief Returns the shared network of a subnet, a null pointer when it has none.
inline isc::dhcp::SharedNetwork4Ptr networkOf(const isc::dhcp::Subnet4& subnet) {
    isc::dhcp::SharedNetwork4Ptr network;
    subnet.getSharedNetwork(network);
    return network;
}

/// @brief Returns the shared network of a subnet, a null pointer when it has none.
inline isc::dhcp::SharedNetwork6Ptr networkOf(const isc::dhcp::Subnet6& subnet) {
    isc::dhcp::SharedNetwork6Ptr network;
    subnet.getSharedNetwork(network);
    return network;
}

/// @brief Returns the name of a subnet for messages.
inline std::string nameOf(const isc::dhcp::Subnet& subnet) {
    std::ostringstream name;
    name << "subnet " << subnet.toText() << " (id " << subnet.getID() << ")";
    return name.str();
}

/// @brief Returns the name of a shared network for messages.
inline std::string nameOf(const isc::dhcp::SharedNetwork4& network) {
    return "shared network '" + network.getName() + "'";
}

/// @brief Returns the name of a shared network for messages.
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

/// @brief Returns the settings in the user context of a subnet or a shared network.
///
/// @throw isc::dhcp::DhcpConfigError naming the subnet or shared network and the bad setting.
template <typename Place>
PlacementOverrides overridesIn(const Place& place) {
    try {
        return PlacementOverrides::ofContext(place.getContext());
    } catch (const isc::Exception& ex) {
        isc_throw(isc::dhcp::DhcpConfigError, "user-context of " << nameOf(place) << ": " << ex.what());
    }
}

/// @brief Returns the overrides in force where this subnet was selected: its own, completed by those of its
/// shared network.
///
/// @throw isc::dhcp::DhcpConfigError naming the subnet or shared network and the bad setting.
template <typename Subnet>
PlacementOverrides overridesAt(const Subnet& subnet) {
    PlacementOverrides overrides = overridesIn(subnet);
    if (const auto network = networkOf(subnet)) {
        overrides.takeMissing(overridesIn(*network));
    }
    return overrides;
}

/// @brief Returns the settings in force where this subnet was selected: those of the subnet, of its shared
/// network and of the parameters, in this order of precedence.
///
/// @throw isc::dhcp::DhcpConfigError naming the subnet or shared network and the bad setting.
template <typename Subnet>
PlacementSettings settingsOf(const Subnet& subnet, const PlacementSettings& parameters) {
    return parameters.with(overridesAt(subnet));
}

/// @brief Tells which user context gives a setting where this subnet was selected.
///
/// @param subnet the subnet
/// @param setting a member of PlacementOverrides
/// @return `user-context of` the subnet or its shared network; empty when neither gives the setting.
template <typename Subnet, typename Setting>
std::string whoSays(const Subnet& subnet, std::optional<Setting> PlacementOverrides::*setting) {
    if (overridesIn(subnet).*setting) {
        return "user-context of " + nameOf(subnet);
    }
    const auto network = networkOf(subnet);
    return network && overridesIn(*network).*setting ? "user-context of " + nameOf(*network) : std::string();
}

/// @brief Caches the parsed user contexts of subnets and their shared networks. Kea never changes a context
/// but replaces it, so a new or changed subnet is recognized by its contexts, which are then parsed on
/// demand.
class ParsedContexts {
public:
    /// @brief Parses the contexts of all subnets.
    ///
    /// @param subnets Kea's collection of all subnets
    /// @throw isc::dhcp::DhcpConfigError naming the subnet or shared network and the bad setting.
    template <typename Subnets>
    void parse(const Subnets& subnets) {
        parsed_.clear();
        for (const auto& subnet : subnets) {
            if (const Contexts contexts = contextsOf(*subnet)) {
                parsed_[subnet->getID()] = {contexts, overridesAt(*subnet)};
            }
        }
    }

    /// @brief Same as the free function of this name, but from the cache. Any thread may call it while none
    /// calls parse().
    template <typename Subnet>
    PlacementOverrides overridesAt(const Subnet& subnet) const {
        const Contexts contexts = contextsOf(subnet);
        if (!contexts) {
            return PlacementOverrides();
        }
        const auto found = parsed_.find(subnet.getID());
        return found != parsed_.end() && found->second.contexts == contexts ? found->second.overrides
                                                                            : user_chk::overridesAt(subnet);
    }

private:
    // The contexts of a subnet and of its shared network. Holding them ensures that their addresses are not
    // reused.
    struct Contexts {
        isc::data::ConstElementPtr subnet;
        isc::data::ConstElementPtr network;

        explicit operator bool() const { return subnet || network; }
        bool operator==(const Contexts& other) const {
            return subnet == other.subnet && network == other.network;
        }
    };

    template <typename Subnet>
    static Contexts contextsOf(const Subnet& subnet) {
        const auto network = networkOf(subnet);
        return {subnet.getContext(), network ? network->getContext() : isc::data::ConstElementPtr()};
    }

    struct Parsed {
        Contexts contexts;
        PlacementOverrides overrides;
    };

    std::unordered_map<isc::dhcp::SubnetID, Parsed> parsed_;
};

/// @brief Checks the settings of all shared networks and subnets, and that every restricted subnet exists.
///
/// @param networks Kea's collection of all shared networks
/// @param subnets Kea's collection of all subnets
/// @param parameters the settings in the library's parameters
/// @throw isc::dhcp::DhcpConfigError naming the subnet or shared network and the bad setting.
template <typename Networks, typename Subnets>
void checkPlaces(const Networks& networks, const Subnets& subnets, const PlacementSettings& parameters) {
    const auto check = [&](const std::optional<isc::dhcp::SubnetID>& id, const std::string& place) {
        const auto& by_id = subnets.template get<isc::dhcp::SubnetSubnetIdIndexTag>();
        if (id && by_id.find(*id) == by_id.end()) {
            isc_throw(isc::dhcp::DhcpConfigError,
                      place << ": invalid restricted-subnet-id: " << *id << ", must be the id of a subnet");
        }
    };
    const auto check_all = [&](const auto& places) {
        for (const auto& place : places) {
            check(overridesIn(*place).restricted_subnet_id, "user-context of " + nameOf(*place));
        }
    };
    check(parameters.restricted_subnet_id, "parameters");
    check_all(networks);
    check_all(subnets);
}

} // namespace user_chk

#endif // USER_CHK_CONFIG_PLACES_H
