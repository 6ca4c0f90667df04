// SPDX-License-Identifier: MPL-2.0
// Implements how leases are kept from a client.

#include <exchange/withhold.h>

#include <dhcp/dhcp6.h>
#include <dhcp/option6_ia.h>
#include <dhcp/option6_iaaddr.h>
#include <dhcp/option6_iaprefix.h>
#include <dhcp/option6_status_code.h>

#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

#include <algorithm>
#include <iterator>

namespace user_chk {

using namespace isc::dhcp;

namespace {

bool isAmong(const Option& option, const GrantedLeases& leases) {
    const auto* address = dynamic_cast<const Option6IAAddr*>(&option); // or a prefix
    const auto* prefix = dynamic_cast<const Option6IAPrefix*>(&option);
    return address != nullptr && std::any_of(leases.begin(), leases.end(), [&](const GrantedLease& lease) {
               return lease.address == address->getAddress() &&
                      lease.prefix_length == (prefix != nullptr ? prefix->getLength() : 0);
           });
}

bool grantsAny(const Option& ia) {
    const OptionCollection& options = ia.getOptions();
    return std::any_of(options.begin(), options.end(), [](const auto& option) {
        const auto* lease = dynamic_cast<const Option6IAAddr*>(option.second.get());
        return lease != nullptr && lease->getValid() != 0;
    });
}

void setStatus(Option& ia) {
    const bool is_prefix = ia.getType() == D6O_IA_PD;
    while (ia.delOption(D6O_STATUS_CODE)) {
    }
    ia.addOption(boost::make_shared<Option6StatusCode>(
        static_cast<uint16_t>(is_prefix ? STATUS_NoPrefixAvail : STATUS_NoAddrsAvail),
        is_prefix ? "No prefixes available." : "No addresses available."));
}

// Takes leases out of an IA. Returns whether it had any of them.
bool take(Option& ia, const GrantedLeases& leases) {
    OptionCollection& options = ia.getMutableOptions();
    const size_t before = options.size();
    for (auto option = options.begin(); option != options.end();) {
        option = isAmong(*option->second, leases) ? options.erase(option) : std::next(option);
    }
    return options.size() != before;
}

} // namespace

bool withhold(Pkt4&, const GrantedLeases&) {
    return false;
}

bool withhold(Pkt6& response, const GrantedLeases& leases) {
    for (const auto& [code, option] : response.options_) {
        const auto ia = boost::dynamic_pointer_cast<Option6IA>(option); // no IA_TA: Kea grants none
        if (ia && take(*ia, leases) && !grantsAny(*ia)) {
            ia->setT1(0);
            ia->setT2(0);
            setStatus(*ia);
        }
    }
    return true;
}

} // namespace user_chk
