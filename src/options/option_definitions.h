// SPDX-License-Identifier: MPL-2.0
// Defines OptionDefinitions: what Kea knows of the format of options.

#ifndef USER_CHK_OPTIONS_OPTION_DEFINITIONS_H
#define USER_CHK_OPTIONS_OPTION_DEFINITIONS_H

#include <dhcp/option.h>
#include <dhcp/option_definition.h>
#include <dhcpsrv/cfg_option_def.h>

#include <cstdint>
#include <string>

namespace user_chk {

/// @brief Kea's definitions of options: the standard ones, those of vendors (DOCSIS), and those of a server's
/// configuration (Kea manual, "Custom DHCPv4 Options").
///
/// Those of the configuration are copied, so that they may be looked up in any thread while the server is
/// given another configuration.
class OptionDefinitions {
public:
    /// @brief Copies the definitions of a configuration.
    ///
    /// @param universe the protocol
    /// @param configured the definitions of the configuration, a null pointer for none
    explicit OptionDefinitions(isc::dhcp::Option::Universe universe,
                               const isc::dhcp::ConstCfgOptionDefPtr& configured = nullptr);

    /// @brief Those of a server whose configuration is not known: the ones that no configuration can change.
    static OptionDefinitions standard(isc::dhcp::Option::Universe universe);

    /// @brief The protocol.
    isc::dhcp::Option::Universe universe() const { return universe_; }

    /// @brief Whether what they do not have is defined nowhere: false where the configuration is not known.
    bool isComplete() const { return complete_; }

    /// @brief Finds the definition of an option.
    ///
    /// @param space its space: `dhcp4`, `dhcp6`, `vendor-4491`
    /// @param key its code (uint16_t) or its name (std::string)
    /// @return a null pointer when there is none.
    template <typename Key>
    isc::dhcp::OptionDefinitionPtr find(const std::string& space, const Key& key) const;

    /// @brief Whether they are those of the same protocol and of equal configurations.
    bool operator==(const OptionDefinitions& other) const;

private:
    isc::dhcp::Option::Universe universe_;
    isc::dhcp::CfgOptionDef configured_;
    bool complete_ = true; // what is in neither place is defined nowhere
};

extern template isc::dhcp::OptionDefinitionPtr OptionDefinitions::find(const std::string& space,
                                                                       const uint16_t& key) const;
extern template isc::dhcp::OptionDefinitionPtr OptionDefinitions::find(const std::string& space,
                                                                       const std::string& key) const;

} // namespace user_chk

#endif // USER_CHK_OPTIONS_OPTION_DEFINITIONS_H
