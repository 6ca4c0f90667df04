// SPDX-License-Identifier: MPL-2.0
// Makes DHCPv4 queries that the server has received and not parsed yet.

#ifndef USER_CHK_TESTS_SUPPORT_AS_RECEIVED_H
#define USER_CHK_TESTS_SUPPORT_AS_RECEIVED_H

#include <dhcp/pkt4.h>

#include <boost/make_shared.hpp>

#include <cstdint>

namespace user_chk {
namespace test {

// Returns a query as it is just after it was received.
inline isc::dhcp::Pkt4Ptr asReceived(const isc::dhcp::Pkt4Ptr& query) {
    query->pack();
    const auto* data = static_cast<const uint8_t*>(query->getBuffer().getData());
    auto received =
        boost::make_shared<isc::dhcp::Pkt4>(data, static_cast<uint32_t>(query->getBuffer().getLength()));
    received->setIface(query->getIface());
    received->setLocalAddr(query->getLocalAddr());
    received->setRemoteAddr(query->getRemoteAddr());
    return received;
}

} // namespace test
} // namespace user_chk

#endif // USER_CHK_TESTS_SUPPORT_AS_RECEIVED_H
