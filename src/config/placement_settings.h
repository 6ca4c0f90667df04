// SPDX-License-Identifier: MPL-2.0
// Defines PlacementSettings: what becomes of clients that are not registered, for the server or one of its
// places, and what each place says of that.

#ifndef USER_CHK_CONFIG_PLACEMENT_SETTINGS_H
#define USER_CHK_CONFIG_PLACEMENT_SETTINGS_H

#include <cc/data.h>
#include <cc/simple_parser.h>
#include <dhcpsrv/subnet_id.h>

#include <optional>
#include <string>

namespace user_chk {

/// @brief The settings that parameters of the library, and the user context of a subnet or a shared network,
/// have in common.
struct PlacementSettings {
    /// @brief What becomes of clients that are not registered.
    enum class Unregistered {
        RESTRICT, ///< they get the restricted subnet
        DROP,     ///< they get no answer
        CLASSIFY  ///< they keep the subnet that Kea selects; the class alone tells them apart
    };

    /// @brief `unregistered-clients`: `restrict`, `drop` or `classify`.
    Unregistered unregistered_clients = Unregistered::RESTRICT;

    /// @brief `restricted-subnet-id`: where `restrict` puts them; none for the last of all subnets.
    std::optional<isc::dhcp::SubnetID> restricted_subnet_id;

    /// @brief `nak-moved-clients`: whether a DHCPv4 client is told that its address is no longer its own.
    bool nak_moved_clients = false;

    /// @brief These settings, but for what a place says of them.
    PlacementSettings with(const struct PlacementOverrides& place) const;
};

/// @brief What the parameters, or the user context of a place, say of these settings; none of what they do
/// not mention.
struct PlacementOverrides {
    std::optional<PlacementSettings::Unregistered> unregistered_clients; ///< `unregistered-clients`
    std::optional<isc::dhcp::SubnetID> restricted_subnet_id;             ///< `restricted-subnet-id`
    std::optional<bool> nak_moved_clients;                               ///< `nak-moved-clients`

    /// @brief The names of the settings and their types, for SimpleParser::checkKeywords().
    static const isc::data::SimpleKeywords& keywords();

    /// @brief Parses the settings that a map has; what else it has is passed over.
    ///
    /// @param settings a map that was checked against the keywords
    /// @throw isc::dhcp::DhcpConfigError naming the setting that has a bad value.
    static PlacementOverrides parse(const isc::data::ConstElementPtr& settings);

    /// @brief Parses the entry `user-chk` of a user context (Kea manual, "User Contexts").
    ///
    /// @param context the context, a null pointer when there is none
    /// @throw isc::dhcp::DhcpConfigError naming what is unknown or has a bad type or value.
    static PlacementOverrides ofContext(const isc::data::ConstElementPtr& context);

    /// @brief Takes what another place says of the settings that this one does not mention.
    void takeMissing(const PlacementOverrides& other);
};

} // namespace user_chk

#endif // USER_CHK_CONFIG_PLACEMENT_SETTINGS_H
