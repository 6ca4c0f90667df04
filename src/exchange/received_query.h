// SPDX-License-Identifier: MPL-2.0
// Declares what a DHCPv4 query that is still as it was received comes to.

#ifndef USER_CHK_EXCHANGE_RECEIVED_QUERY_H
#define USER_CHK_EXCHANGE_RECEIVED_QUERY_H

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

namespace user_chk {

/// @brief What a DHCPv4 query that is still as it was received will be when the server has unpacked it.
///
/// Of one that cannot be read to its end it has what was read so far: with that the server goes on, or else
/// it drops the query.
///
/// @throw isc::OutOfRange when it is shorter than the header of a message.
isc::dhcp::Pkt4Ptr unpackedCopy(const isc::dhcp::Pkt4Ptr& query);

/// @brief The message that carries a DHCPv4-over-DHCPv6 query (RFC 7341), a null pointer for others.
isc::dhcp::Pkt6Ptr carrierOf(const isc::dhcp::Pkt4Ptr& query);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_RECEIVED_QUERY_H
