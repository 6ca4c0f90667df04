// SPDX-License-Identifier: MPL-2.0
// Implements the recognition of DHCPv4 clients who have moved.

#include <policy/moved_client.h>

#include <config/places.h>
#include <packet_option.h>
#include <policy/reservation.h>

#include <dhcp/dhcp4.h>
#include <dhcp/iface_mgr.h>
#include <dhcp/libdhcp++.h>
#include <dhcp/option_custom.h>
#include <dhcp/option_space.h>
#include <dhcpsrv/pool.h>

#include <boost/endian/conversion.hpp>
#include <boost/make_shared.hpp>

#include <algorithm>

namespace user_chk {

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace {

// Closed things are a subnet or a pool that a client may not use, but might if it were of the other side.
class Sides {
public:
    Sides(const ClientClasses& classes, const ClientClass& other_side)
        : classes_(classes), other_side_(other_side) {}

    template <typename Thing>
    bool isClosed(const Thing& thing) const {
        if (thing.clientSupported(classes_)) {
            return false;
        }
        ClientClasses of_the_other = classes_;
        of_the_other.insert(other_side_);
        return thing.clientSupported(of_the_other);
    }

private:
    const ClientClasses& classes_;
    const ClientClass& other_side_;
};

bool isOpen(const Subnet4& subnet, const IOAddress& address, const Sides& sides) {
    if (!subnet.inRange(address) || sides.isClosed(subnet)) {
        return false;
    }
    const auto& pools = subnet.getPools(Lease::TYPE_V4);
    const auto pool = std::find_if(pools.begin(), pools.end(),
                                   [&](const PoolPtr& candidate) { return candidate->inRange(address); });
    return pool == pools.end() || !sides.isClosed(**pool) || isReserved(subnet.getID(), address);
}

} // namespace

std::optional<IOAddress> addressAskedFor(const Pkt4& query) {
    if (query.getType() != DHCPREQUEST) {
        return std::nullopt;
    }
    if (!query.getCiaddr().isV4Zero()) {
        return query.getCiaddr();
    }
    const Option* option = optionIn(query, DHO_DHCP_REQUESTED_ADDRESS);
    if (option == nullptr || option->getData().size() != sizeof(uint32_t)) {
        return std::nullopt;
    }
    return IOAddress(boost::endian::load_big_u32(option->getData().data()));
}

bool isOutside(const IOAddress& address, const Subnet4& subnet, Placement placement,
               const ClientClasses& classes, const ClientClass& other_side) {
    if (placement == Placement::RESTRICTED) {
        return !subnet.inRange(address);
    }
    const Sides sides(classes, other_side);
    if (isOpen(subnet, address, sides)) {
        return false;
    }
    const auto network = networkOf(subnet);
    if (!network) {
        return true;
    }
    const auto& siblings = *network->getAllSubnets();
    return std::none_of(siblings.begin(), siblings.end(),
                        [&](const auto& sibling) { return isOpen(*sibling, address, sides); });
}

void makeSureOfNak(const Pkt4Ptr& query) {
    if (query->getLocalAddr().isV4Bcast()) {
        query->setLocalAddr(IfaceMgr::instance().getSocket(query).addr_);
    }
    if (query->getCiaddr().isV4Zero() && query->options_.count(DHO_DHCP_SERVER_IDENTIFIER) == 0) {
        const auto definition = LibDHCP::getOptionDef(DHCP4_OPTION_SPACE, DHO_DHCP_SERVER_IDENTIFIER);
        const auto server_id = boost::make_shared<OptionCustom>(*definition, Option::V4);
        server_id->writeAddress(query->getLocalAddr());
        query->addOption(server_id);
    }
}

} // namespace user_chk
