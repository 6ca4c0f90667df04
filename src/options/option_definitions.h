// SPDX-License-Identifier: MPL-2.0
// Defines OptionDefinitions: the formats of options that Kea knows.

#ifndef USER_CHK_OPTIONS_OPTION_DEFINITIONS_H
#define USER_CHK_OPTIONS_OPTION_DEFINITIONS_H

#include <dhcp/option.h>
#include <dhcp/option_definition.h>
#include <dhcpsrv/cfg_option_def.h>

#include <cstdint>
#include <string>

namespace user_chk {

/// @brief Kea's definitions of options: the standard ones, those of vendors (DOCSIS), and those in a server's
/// configuration (Kea manual, "Custom DHCPv4 Options").
///
/// Those in the configuration are copied, so that any thread may look them up while the server is
/// reconfigured.
class OptionDefinitions {
public:
    /// @brief Copies the definitions of a configuration.
    ///
    /// @param universe the protocol
    /// @param configured the definitions in the configuration, a null pointer for none
    explicit OptionDefinitions(isc::dhcp::Option::Universe universe,
                               const isc::dhcp::ConstCfgOptionDefPtr& configured = nullptr);

    /// @brief Returns the definitions that no configuration can change, for a server whose configuration is
    /// not known.
    static OptionDefinitions standard(isc::dhcp::Option::Universe universe);

    /// @brief Returns the protocol.
    isc::dhcp::Option::Universe universe() const { return universe_; }

    /// @brief Whether all definitions are known: false when the configuration is not.
    bool isComplete() const { return complete_; }

    /// @brief Finds the definition of an option.
    ///
    /// @param space its option space: `dhcp4`, `dhcp6`, `vendor-4491`
    /// @param key its code (uint16_t) or its name (std::string)
    /// @return the definition, a null pointer when there is none.
    template <typename Key>
    isc::dhcp::OptionDefinitionPtr find(const std::string& space, const Key& key) const;

    /// @brief Whether both are for the same protocol and for equal configurations.
    bool operator==(const OptionDefinitions& other) const;

private:
    isc::dhcp::Option::Universe universe_;
    isc::dhcp::CfgOptionDef configured_;
    bool complete_ = true; // the configuration is known
};

extern template isc::dhcp::OptionDefinitionPtr OptionDefinitions::find(const std::string& space,
                                                                       const uint16_t& key) const;
extern template isc::dhcp::OptionDefinitionPtr OptionDefinitions::find(const std::string& space,
                                                                       const std::string& key) const;

} // namespace user_chk

#endif // USER_CHK_OPTIONS_OPTION_DEFINITIONS_H
