// SPDX-License-Identifier: MPL-2.0
// Reads DHCPv4 queries that the server has not parsed yet.

#ifndef USER_CHK_EXCHANGE_RECEIVED_QUERY_H
#define USER_CHK_EXCHANGE_RECEIVED_QUERY_H

#include <asiolink/io_address.h>
#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

#include <cstdint>
#include <vector>

namespace user_chk {

/// @brief True when a DHCPv4 message has a whole header (RFC 2131 section 2). The server drops a message that
/// has none; the functions below read only messages that have one.
///
/// @param message the UDP payload
bool hasHeader(const std::vector<uint8_t>& message);

/// @brief Returns the hardware address in the header of a DHCPv4 message (`chaddr`).
///
/// @return what the server will read from it: as many bytes as the message states, which may be none, with
/// zeros in place of those that do not fit into the field.
std::vector<uint8_t> hardwareAddressIn(const std::vector<uint8_t>& message);

/// @brief Returns the client's address in the header of a DHCPv4 message (`ciaddr`).
isc::asiolink::IOAddress clientAddressIn(const std::vector<uint8_t>& message);

/// @brief Returns the relay's address in the header of a DHCPv4 message (`giaddr`).
isc::asiolink::IOAddress relayAddressIn(const std::vector<uint8_t>& message);

/// @brief Returns a parsed copy of a DHCPv4 query that the server has not parsed yet.
///
/// If the query cannot be parsed to its end, the copy has what was parsed so far. The server itself either
/// continues with that, or drops the query.
isc::dhcp::Pkt4Ptr unpackedCopy(const isc::dhcp::Pkt4Ptr& query);

/// @brief Returns the message that carries a DHCPv4-over-DHCPv6 query (RFC 7341), a null pointer for other
/// queries.
isc::dhcp::Pkt6Ptr carrierOf(const isc::dhcp::Pkt4Ptr& query);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_RECEIVED_QUERY_H
