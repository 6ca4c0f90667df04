// SPDX-License-Identifier: MPL-2.0
// Converts an option in a dhcpd configuration to an attribute.

#ifndef USER_CHK_PROGRAM_DHCPD_OPTION_H
#define USER_CHK_PROGRAM_DHCPD_OPTION_H

#include <program/dhcpd_syntax.h>

#include <dhcp/option.h>

#include <cstdint>
#include <string>
#include <vector>

namespace user_chk::program {

/// @brief An attribute that sets an option.
struct DhcpdOption {
    isc::dhcp::Option::Universe universe; ///< the protocol of the option
    std::string name;                     ///< the name of the attribute
    std::string value;                    ///< in Kea's form
};

/// @brief Returns the bytes of a value: a text in quotes, or hex digits with colons.
///
/// @throw isc::BadValue when it is anything else.
std::vector<uint8_t> dhcpdBytes(const DhcpdWord& word);

/// @brief Converts a statement `option NAME VALUE;` to an attribute, with Kea's name for the option and Kea's
/// form of the value.
///
/// @throw isc::BadValue saying why there is no such attribute.
DhcpdOption dhcpdOption(const DhcpdStatement& statement);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_DHCPD_OPTION_H
