// SPDX-License-Identifier: MPL-2.0
// Defines PlacementSettings, what happens to unregistered clients, and PlacementOverrides, how a subnet or a
// shared network overrides them.

#ifndef USER_CHK_CONFIG_PLACEMENT_SETTINGS_H
#define USER_CHK_CONFIG_PLACEMENT_SETTINGS_H

#include <cc/data.h>
#include <cc/simple_parser.h>
#include <dhcpsrv/subnet_id.h>

#include <optional>
#include <string>

namespace user_chk {

/// @brief The settings that may be given as parameters of the library and in the user context of a subnet or
/// a shared network.
struct PlacementSettings {
    /// @brief What happens to unregistered clients.
    enum class Unregistered {
        RESTRICT, ///< they are moved to the restricted subnet
        DROP,     ///< they get no answer
        CLASSIFY  ///< they stay in the subnet that Kea selected; only their class sets them apart
    };

    /// @brief `unregistered-clients`: `restrict`, `drop` or `classify`.
    Unregistered unregistered_clients = Unregistered::RESTRICT;

    /// @brief `restricted-subnet-id`: the subnet for `restrict`; none for the last of all subnets.
    std::optional<isc::dhcp::SubnetID> restricted_subnet_id;

    /// @brief `nak-moved-clients`: whether a DHCPv4 client that was moved gets a DHCPNAK for its old address.
    bool nak_moved_clients = false;

    /// @brief Returns these settings with the overrides of a subnet or a shared network applied.
    PlacementSettings with(const struct PlacementOverrides& place) const;
};

/// @brief The settings that the parameters or a user context give; none for those that they do not mention.
struct PlacementOverrides {
    std::optional<PlacementSettings::Unregistered> unregistered_clients; ///< `unregistered-clients`
    std::optional<isc::dhcp::SubnetID> restricted_subnet_id;             ///< `restricted-subnet-id`
    std::optional<bool> nak_moved_clients;                               ///< `nak-moved-clients`

    /// @brief Returns the names and types of the settings, for SimpleParser::checkKeywords().
    static const isc::data::SimpleKeywords& keywords();

    /// @brief Parses the settings in a map, and ignores its other entries.
    ///
    /// @param settings a map that was checked against the keywords
    /// @throw isc::dhcp::DhcpConfigError naming the setting that has a bad value.
    static PlacementOverrides parse(const isc::data::ConstElementPtr& settings);

    /// @brief Parses the entry `user-chk` of a user context (Kea manual, "User Contexts").
    ///
    /// @param context the context, a null pointer when there is none
    /// @throw isc::dhcp::DhcpConfigError naming the setting that is unknown or has a bad type or value.
    static PlacementOverrides ofContext(const isc::data::ConstElementPtr& context);

    /// @brief Adopts the other's settings that this one does not give.
    void takeMissing(const PlacementOverrides& other);
};

} // namespace user_chk

#endif // USER_CHK_CONFIG_PLACEMENT_SETTINGS_H
