// SPDX-License-Identifier: MPL-2.0
// Parses DHCPv4 queries before the server does.

#ifndef USER_CHK_EXCHANGE_RECEIVED_QUERY_H
#define USER_CHK_EXCHANGE_RECEIVED_QUERY_H

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

namespace user_chk {

/// @brief Returns a parsed copy of a DHCPv4 query that the server has not parsed yet.
///
/// If the query cannot be parsed to its end, the copy has what was parsed so far. The server itself either
/// continues with that, or drops the query.
///
/// @throw isc::OutOfRange when it is shorter than the header of a message.
isc::dhcp::Pkt4Ptr unpackedCopy(const isc::dhcp::Pkt4Ptr& query);

/// @brief Returns the message that carries a DHCPv4-over-DHCPv6 query (RFC 7341), a null pointer for other
/// queries.
isc::dhcp::Pkt6Ptr carrierOf(const isc::dhcp::Pkt4Ptr& query);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_RECEIVED_QUERY_H
