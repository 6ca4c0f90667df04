// SPDX-License-Identifier: MPL-2.0
// Implements the reading of the circumstances of a grant.

#include <exchange/circumstances.h>

#include <audit/record_text.h>
#include <exchange/packet_option.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/hwaddr.h>
#include <dhcp/option4_client_fqdn.h>
#include <dhcp/option6_client_fqdn.h>
#include <dhcp/option_string.h>
#include <dhcp/option_vendor_class.h>

namespace user_chk {

using isc::asiolink::IOAddress;
using namespace isc::dhcp;

namespace {

std::string hostnameIn(const Pkt4& packet) {
    if (const auto* fqdn = optionIn<Option4ClientFqdn>(packet, DHO_FQDN)) {
        return fqdn->getDomainName();
    }
    const auto* name = optionIn<OptionString>(packet, DHO_HOST_NAME);
    return name ? name->getValue() : std::string();
}

std::string hostnameIn(const Pkt6& packet) {
    const auto* fqdn = optionIn<Option6ClientFqdn>(packet, D6O_CLIENT_FQDN);
    return fqdn ? fqdn->getDomainName() : std::string();
}

std::optional<IOAddress> relayOf(const Pkt4& query) {
    return query.isRelayed() ? std::optional(query.getGiaddr()) : std::nullopt;
}

// Returns the link address of the closest relay to the client that gives one; RFC 6221 relays and others
// leave that to the next.
std::optional<IOAddress> relayOf(const Pkt6& query) {
    if (query.relay_info_.empty()) {
        return std::nullopt;
    }
    for (auto relay = query.relay_info_.rbegin(); relay != query.relay_info_.rend(); ++relay) {
        if (!relay->linkaddr_.isV6Zero()) {
            return relay->linkaddr_;
        }
    }
    return query.getRemoteAddr();
}

std::string textIn(const std::vector<uint8_t>& data) {
    return {data.begin(), data.end()};
}

std::string vendorClassIn(const Pkt4& query) {
    const Option* option = optionIn(query, DHO_VENDOR_CLASS_IDENTIFIER);
    return option != nullptr ? textIn(option->toBinary(false)) : std::string();
}

// Vendor class data of an enterprise is a list of texts.
std::string vendorClassIn(const Pkt6& query) {
    const auto* option = optionIn<OptionVendorClass>(query, D6O_VENDOR_CLASS);
    std::string text;
    for (size_t at = 0; option != nullptr && at < option->getTuplesNum(); ++at) {
        text += (at == 0 ? "" : ", ") + option->getTuple(at).getText();
    }
    return text;
}

template <typename PktType>
void read(PktType& query, const Identification& identification, const UserId& listed_by,
          StrangerTraits& traits) {
    identification.readOthers(query, listed_by, traits.others);
    traits.interface = query.getIface();
    traits.relay = relayOf(query);
    traits.hostname = hostnameIn(query);
    traits.vendor_class = vendorClassIn(query);
}

template <typename PktType>
Circumstances common(const PktType& query, const PktType& response, const char* server, const char* message) {
    const std::string hostname = hostnameIn(response);
    const std::optional<IOAddress> relay = relayOf(query);
    return {std::chrono::system_clock::now(),
            server,
            message,
            query.getTransid(),
            query.getIface(),
            relay ? textOf(*relay) : std::string(),
            hostname.empty() ? hostnameIn(query) : hostname};
}

} // namespace

std::optional<uint16_t> hardwareTypeOf(const Pkt4& query) {
    return query.getHWAddr()->htype_;
}

std::optional<uint16_t> hardwareTypeOf(const Pkt6&) {
    return std::nullopt;
}

bool leases(const Pkt4& query, const Pkt4& response) {
    return messageTypeOf(response) != DHCPOFFER && messageTypeOf(query) != DHCPINFORM;
}

bool leases(const Pkt6&, const Pkt6& response) {
    return response.getType() != DHCPV6_ADVERTISE;
}

// A response to BOOTP has no message type; it leases.
Circumstances circumstancesOf(const Pkt4& query, const Pkt4& response) {
    return common(query, response, "kea-dhcp4", messageTypeOf(response) == DHCPOFFER ? "offer" : "ack");
}

Circumstances circumstancesOf(const Pkt6& query, const Pkt6& response) {
    return common(query, response, "kea-dhcp6",
                  response.getType() == DHCPV6_ADVERTISE ? "advertise" : "reply");
}

void readTraits(Pkt4& query, const Identification& identification, const UserId& listed_by,
                StrangerTraits& traits) {
    read(query, identification, listed_by, traits);
}

void readTraits(Pkt6& query, const Identification& identification, const UserId& listed_by,
                StrangerTraits& traits) {
    read(query, identification, listed_by, traits);
}

} // namespace user_chk
