// SPDX-License-Identifier: MPL-2.0
// Defines what is read from the packets of an exchange to record it, beside what is granted.

#ifndef USER_CHK_EXCHANGE_CIRCUMSTANCES_H
#define USER_CHK_EXCHANGE_CIRCUMSTANCES_H

#include <audit/grant.h>
#include <audit/stranger.h>
#include <exchange/identification.h>

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

namespace user_chk {

/// @brief The hardware type of a DHCPv4 client.
std::optional<uint16_t> hardwareTypeOf(const isc::dhcp::Pkt4& query);

/// @brief None: a DUID has no hardware type.
std::optional<uint16_t> hardwareTypeOf(const isc::dhcp::Pkt6& query);

/// @brief True when a DHCPv4 response leases what it grants: not when it offers, nor when it informs.
bool leases(const isc::dhcp::Pkt4& query, const isc::dhcp::Pkt4& response);

/// @brief True when a DHCPv6 response leases what it grants: a REPLY, not an ADVERTISE.
bool leases(const isc::dhcp::Pkt6& query, const isc::dhcp::Pkt6& response);

/// @brief What the JSON form tells of a DHCPv4 exchange.
Circumstances circumstancesOf(const isc::dhcp::Pkt4& query, const isc::dhcp::Pkt4& response);

/// @brief What the JSON form tells of a DHCPv6 exchange.
Circumstances circumstancesOf(const isc::dhcp::Pkt6& query, const isc::dhcp::Pkt6& response);

/// @brief Reads what the query of a DHCPv4 client that is not registered tells of it.
///
/// @param query the query
/// @param identification tells what identifiers the query has
/// @param listed_by the one that the client is listed by
/// @param traits is overwritten; its memory is used again
void readTraits(isc::dhcp::Pkt4& query, const Identification& identification, const UserId& listed_by,
                StrangerTraits& traits);

/// @brief The same for a DHCPv6 client.
void readTraits(isc::dhcp::Pkt6& query, const Identification& identification, const UserId& listed_by,
                StrangerTraits& traits);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_CIRCUMSTANCES_H
