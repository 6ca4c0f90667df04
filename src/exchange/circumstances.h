// SPDX-License-Identifier: MPL-2.0
// Reads what is recorded of an exchange besides its leases.

#ifndef USER_CHK_EXCHANGE_CIRCUMSTANCES_H
#define USER_CHK_EXCHANGE_CIRCUMSTANCES_H

#include <audit/grant.h>
#include <audit/stranger.h>
#include <exchange/identification.h>

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

namespace user_chk {

/// @brief Returns the hardware type of a DHCPv4 client.
std::optional<uint16_t> hardwareTypeOf(const isc::dhcp::Pkt4& query);

/// @brief Returns none: a DUID has no hardware type.
std::optional<uint16_t> hardwareTypeOf(const isc::dhcp::Pkt6& query);

/// @brief True when a DHCPv4 response leases what it grants: not for an offer, nor for the answer to a
/// DHCPINFORM.
bool leases(const isc::dhcp::Pkt4& query, const isc::dhcp::Pkt4& response);

/// @brief True when a DHCPv6 response leases what it grants: a REPLY, not an ADVERTISE.
bool leases(const isc::dhcp::Pkt6& query, const isc::dhcp::Pkt6& response);

/// @brief Returns the circumstances of a DHCPv4 exchange for the JSON form.
Circumstances circumstancesOf(const isc::dhcp::Pkt4& query, const isc::dhcp::Pkt4& response);

/// @brief Returns the circumstances of a DHCPv6 exchange for the JSON form.
Circumstances circumstancesOf(const isc::dhcp::Pkt6& query, const isc::dhcp::Pkt6& response);

/// @brief Reads what the query of an unregistered DHCPv4 client tells of it.
///
/// @param query the query
/// @param identification finds the identifiers in the query
/// @param listed_by the identifier by which the client is listed
/// @param traits overwritten; its memory is reused
void readTraits(isc::dhcp::Pkt4& query, const Identification& identification, const UserId& listed_by,
                StrangerTraits& traits);

/// @brief Same as above, for a DHCPv6 client.
void readTraits(isc::dhcp::Pkt6& query, const Identification& identification, const UserId& listed_by,
                StrangerTraits& traits);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_CIRCUMSTANCES_H
