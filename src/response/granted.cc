// SPDX-License-Identifier: MPL-2.0
// Implements the reading of grants from a response.

#include <response/granted.h>

#include <asiolink/io_address.h>
#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option6_iaaddr.h>
#include <dhcp/option6_iaprefix.h>
#include <dhcp/option6_status_code.h>

#include <boost/pointer_cast.hpp>

#include <array>
#include <charconv>

namespace user_chk {

using namespace isc::dhcp;

namespace {

// As IOAddress::toText() writes an IPv4 address, without its detour through a stream.
std::string dottedQuad(const isc::asiolink::IOAddress& address) {
    const uint32_t number = address.toUint32();
    std::array<char, sizeof("255.255.255.255")> text;
    char* at = text.data();
    for (const int shift : {24, 16, 8, 0}) {
        at = std::to_chars(at, text.data() + text.size(), (number >> shift) & 0xff).ptr;
        *at++ = '.';
    }
    return {text.data(), at - 1};
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

// The text of a lease within an IA; empty for any other option and for a lease that is taken back.
std::string leaseText(const OptionPtr& option) {
    const auto lease = boost::dynamic_pointer_cast<Option6IAAddr>(option);
    if (!lease || lease->getValid() == 0) {
        return std::string();
    }
    const std::string address = lease->getAddress().toText();
    const auto prefix = boost::dynamic_pointer_cast<Option6IAPrefix>(option);
    return prefix ? address + "/" + std::to_string(prefix->getLength()) : address;
}

} // namespace

std::vector<std::string> grantedBy(const Pkt4& response) {
    std::vector<std::string> granted;
    if (response.getType() != DHCPNAK) {
        granted.push_back(dottedQuad(response.getYiaddr()));
    }
    return granted;
}

std::vector<std::string> grantedBy(const Pkt6& response) {
    std::vector<std::string> granted;
    for (const auto& [code, ia] : response.options_) {
        if (!isIdentityAssociation(code) || hasFailed(*ia)) {
            continue;
        }
        for (const auto& suboption : ia->getOptions()) {
            const std::string lease = leaseText(suboption.second);
            if (!lease.empty()) {
                granted.push_back(lease);
            }
        }
    }
    return granted;
}

} // namespace user_chk
