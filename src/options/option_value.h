// SPDX-License-Identifier: MPL-2.0
// Defines how an option is made of the text of its value.

#ifndef USER_CHK_OPTIONS_OPTION_VALUE_H
#define USER_CHK_OPTIONS_OPTION_VALUE_H

#include <options/option_definitions.h>

#include <dhcp/option.h>

#include <cstdint>
#include <optional>
#include <string>

namespace user_chk {

/// @brief Which option is to be made.
struct OptionName {
    uint32_t enterprise = 0;      ///< whose option it is, 0 for the protocol's own space
    std::string space;            ///< its space: `dhcp4`, `dhcp6`, `vendor-4491`
    std::string name;             ///< its name in that space
    std::optional<uint16_t> code; ///< its code, in the place of the name
};

/// @brief Whether a value is hex digits behind `0x`: the bytes of the option.
bool isHex(const std::string& value);

/// @brief Makes an option.
///
/// Hex digits go into responses as these bytes, whatever class Kea has for the option. An option without a
/// byte is made only where its definition asks for none (RFC 4039).
///
/// @param name which
/// @param definition its definition, a null pointer for an unknown code whose value is hex digits
/// @param value text as in Kea's `option-data` (Kea manual, "Standard DHCPv4 Options"), or hex digits
/// @param definitions what is known of options, and the protocol
/// @throw isc::BadValue saying why the option cannot have that value.
isc::dhcp::OptionPtr makeOption(const OptionName& name, const isc::dhcp::OptionDefinitionPtr& definition,
                                const std::string& value, const OptionDefinitions& definitions);

/// @brief Whether Kea leaves out, without a word, what is behind one of the commas of a value that it took.
///
/// @param option what was made of the whole value
/// @param name which option that is
/// @param definition its definition
/// @param value the value
/// @param definitions what is known of options, and the protocol
bool isCutAtComma(const isc::dhcp::Option& option, const OptionName& name,
                  const isc::dhcp::OptionDefinitionPtr& definition, const std::string& value,
                  const OptionDefinitions& definitions);

} // namespace user_chk

#endif // USER_CHK_OPTIONS_OPTION_VALUE_H
