// SPDX-License-Identifier: MPL-2.0
// Caps the lifetimes in a response.

#ifndef USER_CHK_OPTIONS_LIFETIMES_H
#define USER_CHK_OPTIONS_LIFETIMES_H

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

#include <cstdint>

namespace user_chk {

/// @brief Caps the lease time of a DHCPv4 response (RFC 2132 section 9.2). When it was longer, the renewal
/// and rebinding times, if present, are reduced to at most one half and seven eighths of it (RFC 2131 section
/// 4.4.5).
///
/// @param response the response to change
/// @param seconds the longest lease time to grant, at least 1
/// @return true when the lease time was longer.
bool capLifetimes(isc::dhcp::Pkt4& response, uint32_t seconds);

/// @brief Caps the valid and preferred lifetimes of the addresses and prefixes in a DHCPv6 response. When one
/// was longer, T1 and T2 of its IA are reduced to at most one half and four fifths of it (RFC 8415 section
/// 21.4).
///
/// @param response the response to change
/// @param seconds the longest lifetime to grant, at least 1
/// @return true when a lifetime was longer.
bool capLifetimes(isc::dhcp::Pkt6& response, uint32_t seconds);

} // namespace user_chk

#endif // USER_CHK_OPTIONS_LIFETIMES_H
