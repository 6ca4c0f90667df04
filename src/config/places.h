// SPDX-License-Identifier: MPL-2.0
// Defines what is asked of subnets and shared networks, which PlacementSettings hold there, and
// ParsedContexts.

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

/// @brief What a place, which is a subnet or a shared network, says of the settings in its user context.
///
/// @throw isc::dhcp::DhcpConfigError naming the place and the setting that is bad.
template <typename Place>
PlacementOverrides overridesIn(const Place& place) {
    try {
        return PlacementOverrides::ofContext(place.getContext());
    } catch (const isc::Exception& ex) {
        isc_throw(isc::dhcp::DhcpConfigError, "user-context of " << nameOf(place) << ": " << ex.what());
    }
}

/// @brief What holds where this subnet was selected instead of what the parameters say: what it says itself,
/// and what its shared network says beside that.
///
/// @throw isc::dhcp::DhcpConfigError naming the place and the setting that is bad.
template <typename Subnet>
PlacementOverrides overridesAt(const Subnet& subnet) {
    PlacementOverrides overrides = overridesIn(subnet);
    if (const auto network = networkOf(subnet)) {
        overrides.takeMissing(overridesIn(*network));
    }
    return overrides;
}

/// @brief The settings that hold where this subnet was selected: its own, those of its shared network, those
/// of the parameters, in this order.
///
/// @throw isc::dhcp::DhcpConfigError naming the place and the setting that is bad.
template <typename Subnet>
PlacementSettings settingsOf(const Subnet& subnet, const PlacementSettings& parameters) {
    return parameters.with(overridesAt(subnet));
}

/// @brief Who has the say in a setting where this subnet was selected.
///
/// @param subnet the subnet
/// @param setting a member of PlacementOverrides
/// @return `user-context of` the subnet or its shared network; empty when neither says anything.
template <typename Subnet, typename Setting>
std::string whoSays(const Subnet& subnet, std::optional<Setting> PlacementOverrides::*setting) {
    if (overridesIn(subnet).*setting) {
        return "user-context of " + nameOf(subnet);
    }
    const auto network = networkOf(subnet);
    return network && overridesIn(*network).*setting ? "user-context of " + nameOf(*network) : std::string();
}

/// @brief The user contexts of subnets and their shared networks, parsed once. A subnet that came or changed
/// later is told by its contexts, which Kea never changes but replaces, and is parsed when it is asked for.
class ParsedContexts {
public:
    /// @brief Parses the contexts of all subnets.
    ///
    /// @param subnets Kea's collection of them
    /// @throw isc::dhcp::DhcpConfigError naming the place and the setting that is bad.
    template <typename Subnets>
    void parse(const Subnets& subnets) {
        parsed_.clear();
        for (const auto& subnet : subnets) {
            if (const Contexts contexts = contextsOf(*subnet)) {
                parsed_[subnet->getID()] = {contexts, overridesAt(*subnet)};
            }
        }
    }

    /// @brief As the function of this name, at the cost of a look-up. Any thread may call it while none
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
    // That of a subnet and that of its shared network. Held, so that no other can take their places.
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

/// @brief Checks the settings of all shared networks and subnets, and that each restricted subnet is there.
///
/// @param networks Kea's collection of shared networks
/// @param subnets Kea's collection of all subnets
/// @param parameters the settings of the library's parameters
/// @throw isc::dhcp::DhcpConfigError naming the place and the setting that is bad.
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
