// SPDX-License-Identifier: MPL-2.0
// Recognizes DHCPv4 clients that have moved.

#include <exchange/moved_client.h>

#include <config/places.h>
#include <exchange/granted_leases.h>
#include <exchange/packet_option.h>
#include <policy/guards.h>

#include <dhcp/dhcp4.h>
#include <dhcp/iface_mgr.h>
#include <dhcp/libdhcp++.h>
#include <dhcp/option_custom.h>
#include <dhcp/option_space.h>
#include <dhcpsrv/host.h>
#include <dhcpsrv/host_mgr.h>
#include <dhcpsrv/pool.h>

#include <boost/endian/conversion.hpp>
#include <boost/make_shared.hpp>

#include <algorithm>

namespace user_chk {

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace {

// A subnet or a pool is closed to the client when the client may not use it, but might if it were on the
// other side.
class Sides {
public:
    Sides(const ClientClasses& classes, const ClientClass& other_side)
        : classes_(classes), of_the_other_(classes) {
        of_the_other_.insert(other_side);
    }

    template <typename Place>
    bool isClosed(const Place& place) const {
        if (place.clientSupported(classes_)) {
            return false;
        }
        const auto guards = kea::guardsOf(place);
        return std::any_of(guards.begin(), guards.end(), isOurGuard) || place.clientSupported(of_the_other_);
    }

private:
    const ClientClasses& classes_;
    ClientClasses of_the_other_;
};

bool isReserved(SubnetID subnet, const IOAddress& address) {
    return HostMgr::instance().get4(subnet, address) != nullptr;
}

bool isOpen(const Subnet4& subnet, const IOAddress& address, const Sides& sides) {
    if (sides.isClosed(subnet)) {
        return false;
    }
    if (subnet.getReservationsGlobal() && isReserved(SUBNET_ID_GLOBAL, address)) {
        return true;
    }
    if (!subnet.inRange(address)) {
        return false;
    }
    const auto& pools = subnet.getPools(Lease::TYPE_V4);
    const auto pool = std::find_if(pools.begin(), pools.end(),
                                   [&](const PoolPtr& candidate) { return candidate->inRange(address); });
    return pool == pools.end() || !sides.isClosed(**pool) || isReserved(subnet.getID(), address);
}

} // namespace

std::optional<IOAddress> addressHeld(const Pkt4& query) {
    if (messageTypeOf(query) != DHCPREQUEST || query.options_.count(DHO_DHCP_SERVER_IDENTIFIER) != 0) {
        return std::nullopt;
    }
    const Option* option = optionIn(query, DHO_DHCP_REQUESTED_ADDRESS);
    if (option != nullptr && option->getData().size() == sizeof(uint32_t)) {
        return IOAddress(boost::endian::load_big_u32(option->getData().data()));
    }
    return query.getCiaddr().isV4Zero() ? std::nullopt : std::make_optional(query.getCiaddr());
}

bool isOfAny(const IOAddress& address, const Subnet4Collection& subnets) {
    return std::any_of(subnets.begin(), subnets.end(),
                       [&](const auto& subnet) { return subnet->inRange(address); });
}

bool hasMovedAwayFrom(const IOAddress& address, const Subnet4& subnet, bool restricted,
                      const ClientClasses& classes, const ClientClass& other_side) {
    if (restricted) {
        return isOutside(address, 0, subnet);
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
