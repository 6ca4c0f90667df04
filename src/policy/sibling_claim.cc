// SPDX-License-Identifier: MPL-2.0
// Implements the search for reservations and leases in sibling subnets.

#include <config.h> // Kea's own; its headers for TLS ask for it
#include <policy/sibling_claim.h>

#include <config/places.h>
#include <packet_option.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/duid.h>
#include <dhcp/option6_ia.h>
#include <dhcpsrv/host_mgr.h>
#include <dhcpsrv/lease_mgr_factory.h>

#include <vector>

namespace user_chk {

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace {

typedef std::optional<IOAddress> Claim;

// What the server looks for reservations by, as far as the query tells by itself.
struct Identifier {
    Host::IdentifierType type;
    std::vector<uint8_t> bytes;
};
typedef std::vector<Identifier> Identifiers;

Identifiers identifiersOf(Pkt4& query) {
    Identifiers identifiers;
    if (const HWAddrPtr hwaddr = query.getHWAddr()) {
        identifiers.push_back({Host::IDENT_HWADDR, hwaddr->hwaddr_});
    }
    if (const Option* client_id = optionIn(query, DHO_DHCP_CLIENT_IDENTIFIER)) {
        const OptionBuffer& bytes = client_id->getData();
        identifiers.push_back({Host::IDENT_CLIENT_ID, bytes});
        const size_t before_duid = 5; // the type and the IAID (RFC 4361)
        if (bytes.size() > before_duid && bytes[0] == 255) {
            identifiers.push_back({Host::IDENT_DUID, {bytes.begin() + before_duid, bytes.end()}});
        }
    }
    if (const Option* relay_info = optionIn(query, DHO_DHCP_AGENT_OPTIONS)) {
        if (const OptionPtr circuit_id = relay_info->getOption(RAI_OPTION_AGENT_CIRCUIT_ID)) {
            identifiers.push_back({Host::IDENT_CIRCUIT_ID, circuit_id->getData()});
        }
    }
    return identifiers;
}

Identifiers identifiersOf(Pkt6& query) {
    Identifiers identifiers;
    if (const DuidPtr duid = query.getClientId()) {
        identifiers.push_back({Host::IDENT_DUID, duid->getDuid()});
    }
    if (const HWAddrPtr hwaddr = query.getMAC(HWAddr::HWADDR_SOURCE_ANY)) {
        identifiers.push_back({Host::IDENT_HWADDR, hwaddr->hwaddr_});
    }
    return identifiers;
}

ConstHostPtr hostOf(const Subnet4& subnet, const Identifier& by) {
    return HostMgr::instance().get4(subnet.getID(), by.type, by.bytes.data(), by.bytes.size());
}

ConstHostPtr hostOf(const Subnet6& subnet, const Identifier& by) {
    return HostMgr::instance().get6(subnet.getID(), by.type, by.bytes.data(), by.bytes.size());
}

Claim reservationOf(const Host& host, const Subnet4&) {
    const IOAddress& address = host.getIPv4Reservation();
    return address.isV4Zero() ? Claim() : Claim(address);
}

Claim reservationOf(const Host& host, const Subnet6&) {
    const auto reserved = host.getIPv6Reservations();
    return reserved.first == reserved.second ? Claim() : Claim(reserved.first->second.getPrefix());
}

template <typename Subnet>
Claim reservedIn(const Subnet& subnet, const Identifiers& identifiers) {
    for (const Identifier& identifier : identifiers) {
        const ConstHostPtr host = subnet.getReservationsInSubnet() ? hostOf(subnet, identifier) : nullptr;
        if (Claim claim = host ? reservationOf(*host, subnet) : Claim()) {
            return claim;
        }
    }
    return std::nullopt;
}

Claim leasedIn(const Subnet4&, const Pkt4&) {
    return std::nullopt; // the callouts for leases are told in time
}

Claim leasedIn(const Subnet6& subnet, const Pkt6& query) {
    const DuidPtr duid = query.getClientId();
    for (const auto& [code, option] : query.options_) {
        const auto* ia = dynamic_cast<const Option6IA*>(option.get());
        if (!duid || ia == nullptr) {
            continue;
        }
        const Lease::Type type = code == D6O_IA_PD ? Lease::TYPE_PD : Lease::TYPE_NA;
        const auto leases =
            LeaseMgrFactory::instance().getLeases6(type, *duid, ia->getIAID(), subnet.getID());
        for (const Lease6Ptr& lease : leases) {
            if (subnet.inPool(type, lease->addr_, query.getClasses())) {
                return lease->addr_;
            }
        }
    }
    return std::nullopt;
}

// Where all siblings are guarded nothing is looked up.
template <typename Pkt, typename Subnet>
Claim find(Pkt& query, const Subnet& subnet) {
    const auto network = networkOf(subnet);
    if (!network) {
        return std::nullopt;
    }
    std::optional<Identifiers> identifiers;
    for (const auto& sibling : *network->getAllSubnets()) {
        if (sibling->getID() == subnet.getID() || !sibling->clientSupported(query.getClasses())) {
            continue;
        }
        if (!identifiers) {
            identifiers = identifiersOf(query);
        }
        const Claim reserved = reservedIn(*sibling, *identifiers);
        const Claim claim = reserved ? reserved : leasedIn(*sibling, query);
        if (claim) {
            // What is reserved where the client was placed goes before.
            return reservedIn(subnet, *identifiers) ? std::nullopt : claim;
        }
    }
    return std::nullopt;
}

// Whether the server looks for leases to answer a query.
bool asksForLeases(const Pkt4& query) {
    return query.getType() == DHCPDISCOVER || query.getType() == DHCPREQUEST;
}

bool asksForLeases(const Pkt6& query) {
    switch (query.getType()) {
    case DHCPV6_SOLICIT:
    case DHCPV6_REQUEST:
    case DHCPV6_RENEW:
    case DHCPV6_REBIND:
        return true;
    default:
        return false;
    }
}

} // namespace

Claim siblingClaim(Pkt4& query, const Subnet4& subnet) {
    return asksForLeases(query) ? find(query, subnet) : std::nullopt;
}

Claim siblingClaim(Pkt6& query, const Subnet6& subnet) {
    return asksForLeases(query) ? find(query, subnet) : std::nullopt;
}

} // namespace user_chk
