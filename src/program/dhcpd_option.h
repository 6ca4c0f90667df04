// SPDX-License-Identifier: MPL-2.0
// Declares how an option of a dhcpd configuration becomes an attribute.

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
    isc::dhcp::Option::Universe universe; ///< whose option it is
    std::string name;                     ///< of the attribute
    std::string value;                    ///< as Kea takes it
};

/// @brief The bytes of data: a text in quotes, or hex digits with colons.
///
/// @throw isc::BadValue when it is anything else.
std::vector<uint8_t> dhcpdBytes(const DhcpdWord& word);

/// @brief Makes an attribute of a statement `option NAME VALUE;`. Kea's own name is taken, and its form of
/// the value.
///
/// @throw isc::BadValue saying why there is no such attribute.
DhcpdOption dhcpdOption(const DhcpdStatement& statement);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_DHCPD_OPTION_H
