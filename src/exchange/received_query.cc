// SPDX-License-Identifier: MPL-2.0
// Implements the reading of queries that the server has not parsed yet.

#include <exchange/received_query.h>

#include <dhcp/option.h>
#include <dhcp/pkt4o6.h>

#include <boost/endian/conversion.hpp>
#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>

namespace user_chk {

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace {

// Where the header has these fields (RFC 2131 section 2).
constexpr size_t HLEN_AT = 2;
constexpr size_t CIADDR_AT = 12;
constexpr size_t GIADDR_AT = 24;
constexpr size_t CHADDR_AT = 28;

} // namespace

bool hasHeader(const std::vector<uint8_t>& message) {
    return message.size() >= Pkt4::DHCPV4_PKT_HDR_LEN;
}

std::vector<uint8_t> hardwareAddressIn(const std::vector<uint8_t>& message) {
    std::vector<uint8_t> address(message[HLEN_AT]);
    std::copy_n(message.begin() + CHADDR_AT, std::min(address.size(), size_t{Pkt4::MAX_CHADDR_LEN}),
                address.begin());
    return address;
}

IOAddress clientAddressIn(const std::vector<uint8_t>& message) {
    return IOAddress(boost::endian::load_big_u32(&message[CIADDR_AT]));
}

IOAddress relayAddressIn(const std::vector<uint8_t>& message) {
    return IOAddress(boost::endian::load_big_u32(&message[GIADDR_AT]));
}

Pkt6Ptr carrierOf(const Pkt4Ptr& query) {
    const auto carried = boost::dynamic_pointer_cast<Pkt4o6>(query);
    return carried ? carried->getPkt6() : Pkt6Ptr();
}

Pkt4Ptr unpackedCopy(const Pkt4Ptr& query) {
    const OptionBuffer& data = query->data_;
    const Pkt6Ptr carrier = carrierOf(query);
    Pkt4Ptr copy = carrier ? boost::make_shared<Pkt4o6>(data, carrier)
                           : boost::make_shared<Pkt4>(data.data(), static_cast<uint32_t>(data.size()));
    copy->setIface(query->getIface());
    copy->setLocalAddr(query->getLocalAddr());
    copy->setRemoteAddr(query->getRemoteAddr());
    try {
        copy->unpack();
    } catch (const std::exception&) {
        // The copy has what was parsed so far.
    }
    return copy;
}

} // namespace user_chk
