// SPDX-License-Identifier: MPL-2.0
// Defines the access to the options of a packet.

#ifndef USER_CHK_EXCHANGE_PACKET_OPTION_H
#define USER_CHK_EXCHANGE_PACKET_OPTION_H

#include <dhcp/dhcp4.h>
#include <dhcp/option.h>
#include <dhcp/option_int.h>
#include <dhcp/pkt.h>
#include <dhcp/pkt4.h>

#include <cstdint>
#include <typeinfo>

namespace user_chk {

/// @brief Returns the first option of a packet with a code.
///
/// To be used instead of Kea's `getOption()`, which copies the option in callouts.
///
/// @tparam OptionType Kea's class for the option
/// @param packet a query or a response
/// @param code the code of the option
/// @return the packet's own option, a null pointer when it has none, or one of another class.
template <typename OptionType = isc::dhcp::Option>
const OptionType* optionIn(const isc::dhcp::Pkt& packet, uint16_t code) {
    const auto found = packet.options_.find(code);
    if (found == packet.options_.end()) {
        return nullptr;
    }
    const isc::dhcp::Option& option = *found->second;
    // Nearly always true, and much cheaper than dynamic_cast.
    if (typeid(option) == typeid(OptionType)) {
        return static_cast<const OptionType*>(&option);
    }
    return dynamic_cast<const OptionType*>(&option);
}

/// @brief Returns the type of a DHCPv4 message (RFC 2132 section 9.6), 0 for BOOTP.
///
/// To be used instead of Kea's `getType()`, which takes ten times as long.
inline uint8_t messageTypeOf(const isc::dhcp::Pkt4& packet) {
    const auto* type = optionIn<isc::dhcp::OptionInt<uint8_t>>(packet, isc::dhcp::DHO_DHCP_MESSAGE_TYPE);
    return type != nullptr ? type->getValue() : 0;
}

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_PACKET_OPTION_H
