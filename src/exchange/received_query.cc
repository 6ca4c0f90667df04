// SPDX-License-Identifier: MPL-2.0
// Implements the parsing of queries that the server has not parsed yet.

#include <exchange/received_query.h>

#include <dhcp/option.h>
#include <dhcp/pkt4o6.h>

#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

#include <cstdint>
#include <exception>

namespace user_chk {

using namespace isc::dhcp;

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
