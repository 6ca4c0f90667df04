// SPDX-License-Identifier: MPL-2.0
// Implements the capping of lifetimes.

#include <options/lifetimes.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option6_ia.h>
#include <dhcp/option6_iaaddr.h>
#include <dhcp/option_int.h>

#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

#include <algorithm>

namespace user_chk {

using namespace isc::dhcp;

namespace {

// Caps a number. Replaces the option, which other responses may share. Returns false when there is no such
// option, or its value is not greater.
bool cap(Pkt4& response, uint16_t code, uint32_t most) {
    const auto found = response.options_.find(code);
    if (found == response.options_.end()) {
        return false;
    }
    const auto* option = dynamic_cast<const OptionUint32*>(found->second.get());
    if (option == nullptr || option->getValue() <= most) {
        return false;
    }
    found->second = boost::make_shared<OptionUint32>(Option::V4, code, most);
    return true;
}

// Returns a fraction of a time, rounded down; 64 bits hold the intermediate product.
uint32_t part(uint32_t seconds, uint64_t numerator, uint64_t denominator) {
    return static_cast<uint32_t>(seconds * numerator / denominator);
}

// Returns false when there is nothing to cap.
bool cap(const OptionCollection& leases, uint32_t most) {
    bool capped = false;
    for (const auto& suboption : leases) {
        const auto lease = boost::dynamic_pointer_cast<Option6IAAddr>(suboption.second); // or a prefix
        if (lease && lease->getValid() > most) {
            lease->setValid(most);
            lease->setPreferred(std::min(lease->getPreferred(), most));
            capped = true;
        }
    }
    return capped;
}

} // namespace

bool capLifetimes(Pkt4& response, uint32_t seconds) {
    if (!cap(response, DHO_DHCP_LEASE_TIME, seconds)) {
        return false;
    }
    cap(response, DHO_DHCP_RENEWAL_TIME, part(seconds, 1, 2));
    cap(response, DHO_DHCP_REBINDING_TIME, part(seconds, 7, 8));
    return true;
}

bool capLifetimes(Pkt6& response, uint32_t seconds) {
    bool capped = false;
    for (const uint16_t code : {D6O_IA_NA, D6O_IA_PD}) {
        for (const auto& found : response.getOptions(code)) {
            const auto ia = boost::dynamic_pointer_cast<Option6IA>(found.second);
            if (ia && cap(ia->getOptions(), seconds)) {
                ia->setT1(std::min(ia->getT1(), part(seconds, 1, 2)));
                ia->setT2(std::min(ia->getT2(), part(seconds, 4, 5)));
                capped = true;
            }
        }
    }
    return capped;
}

} // namespace user_chk
