// SPDX-License-Identifier: MPL-2.0
// Implements the reading of grants from a response.

#include <exchange/granted.h>

#include <exchange/packet_option.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option6_iaaddr.h>
#include <dhcp/option6_iaprefix.h>
#include <dhcp/option6_status_code.h>
#include <dhcp/option_int.h>

#include <boost/pointer_cast.hpp>

namespace user_chk {

using namespace isc::dhcp;

namespace {

// The lease time of a DHCPv4 response (RFC 2132 section 9.2), 0 where there is none.
uint32_t leaseTimeOf(const Pkt4& response) {
    const auto* option = optionIn<OptionUint32>(response, DHO_DHCP_LEASE_TIME);
    return option != nullptr ? option->getValue() : 0;
}

bool isNak(const Pkt4& response) {
    const auto* type = optionIn<OptionInt<uint8_t>>(response, DHO_DHCP_MESSAGE_TYPE);
    return type != nullptr && type->getValue() == DHCPNAK;
}

bool isIdentityAssociation(unsigned int code) {
    return code == D6O_IA_NA || code == D6O_IA_TA || code == D6O_IA_PD;
}

bool hasFailed(const Option& ia) {
    const auto& options = ia.getOptions();
    const auto found = options.find(D6O_STATUS_CODE);
    if (found == options.end()) {
        return false;
    }
    const auto status = boost::dynamic_pointer_cast<Option6StatusCode>(found->second);
    return status && status->getStatusCode() != STATUS_Success;
}

// Adds what an option within an IA grants, which is nothing unless it is a lease.
void addLease(GrantedLeases& granted, const Option& option) {
    const auto* lease = dynamic_cast<const Option6IAAddr*>(&option);
    if (!lease || lease->getValid() == 0) {
        return;
    }
    const auto* prefix = dynamic_cast<const Option6IAPrefix*>(lease);
    granted.push_back({lease->getAddress(), prefix ? prefix->getLength() : uint8_t(0), lease->getValid(), 0});
}

} // namespace

GrantedLeases grantedBy(const Pkt4& response) {
    GrantedLeases granted;
    if (!isNak(response)) {
        granted.push_back({response.getYiaddr(), 0, leaseTimeOf(response), 0});
    }
    return granted;
}

GrantedLeases grantedBy(const Pkt6& response) {
    GrantedLeases granted;
    for (const auto& [code, ia] : response.options_) {
        if (!isIdentityAssociation(code) || hasFailed(*ia)) {
            continue;
        }
        for (const auto& suboption : ia->getOptions()) {
            addLease(granted, *suboption.second);
        }
    }
    return granted;
}

} // namespace user_chk
