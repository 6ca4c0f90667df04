// SPDX-License-Identifier: MPL-2.0
// Creates an option from the text of its value.

#ifndef USER_CHK_OPTIONS_OPTION_VALUE_H
#define USER_CHK_OPTIONS_OPTION_VALUE_H

#include <options/option_definitions.h>

#include <dhcp/option.h>

#include <cstdint>
#include <optional>
#include <string>

namespace user_chk {

/// @brief The option to create.
struct OptionName {
    uint32_t enterprise = 0;      ///< its vendor's enterprise number, 0 for the protocol's own space
    std::string space;            ///< its option space: `dhcp4`, `dhcp6`, `vendor-4491`
    std::string name;             ///< its name in that space
    std::optional<uint16_t> code; ///< its code, instead of the name
};

/// @brief Whether a value is hex digits after `0x`: the bytes of the option.
bool isHex(const std::string& value);

/// @brief Creates an option.
///
/// Hex digits are sent as exactly these bytes, whatever class Kea has for the option. An option without any
/// byte is created only when its definition demands that (RFC 4039).
///
/// @param name the option
/// @param definition its definition, a null pointer for an unknown code whose value is hex digits
/// @param value text as in Kea's `option-data` (Kea manual, "Standard DHCPv4 Options"), or hex digits
/// @param definitions the known option definitions, and the protocol
/// @throw isc::BadValue saying why the option cannot have that value.
isc::dhcp::OptionPtr makeOption(const OptionName& name, const isc::dhcp::OptionDefinitionPtr& definition,
                                const std::string& value, const OptionDefinitions& definitions);

/// @brief Whether Kea silently ignored the part of a value after one of its commas.
///
/// @param option the option that was created from the whole value
/// @param name the name of the option
/// @param definition its definition
/// @param value the value
/// @param definitions the known option definitions, and the protocol
bool isCutAtComma(const isc::dhcp::Option& option, const OptionName& name,
                  const isc::dhcp::OptionDefinitionPtr& definition, const std::string& value,
                  const OptionDefinitions& definitions);

} // namespace user_chk

#endif // USER_CHK_OPTIONS_OPTION_VALUE_H
