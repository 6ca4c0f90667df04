// SPDX-License-Identifier: MPL-2.0
// Puts UserOptions into a response.

#include <options/user_options.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option_vendor.h>

#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

#include <algorithm>

namespace user_chk {

using namespace isc::dhcp;

namespace {

void replaceOptions(Pkt& response, const UserOptions::Options& options) {
    for (const auto& [code, option] : options) {
        response.options_.erase(code);
        response.addOption(option);
    }
}

// Whether another option fits into a vendor option. Kea splits a DHCPv4 vendor option that is too long, and
// omits the enterprise number from the second part.
bool hasRoom(const OptionVendor& vendor, const Option& option) {
    constexpr size_t MOST = 255; // Kea counts the header as well
    return vendor.getUniverse() == Option::V6 || size_t(vendor.len()) + option.len() <= MOST;
}

// Replaces a vendor option of the response by a copy, since the original may belong to the configuration.
// When there is no room for everything, the response's own options yield to the user's.
void replaceVendorOptions(Pkt& response, Option::Universe universe, unsigned code, uint32_t enterprise,
                          const UserOptions::Options& options) {
    const auto vendor = boost::make_shared<OptionVendor>(universe, enterprise);
    const auto [first, last] = response.options_.equal_range(code);
    const auto found = std::find_if(first, last, [enterprise](const auto& candidate) {
        const auto* option = dynamic_cast<const OptionVendor*>(candidate.second.get());
        return option != nullptr && option->getVendorId() == enterprise;
    });
    for (const auto& option : options) {
        vendor->addOption(option.second);
    }
    if (found != last) {
        for (const auto& kept : found->second->getOptions()) {
            if (options.count(kept.second->getType()) == 0 && hasRoom(*vendor, *kept.second)) {
                vendor->addOption(kept.second);
            }
        }
        response.options_.erase(found);
    }
    response.Pkt::addOption(vendor); // Pkt4's own rejects a second option with the same code
}

void replaceAll(Pkt& response, Option::Universe universe, unsigned vendor_code, const UserOptions& options) {
    replaceOptions(response, options.options);
    for (const auto& [enterprise, vendor_options] : options.vendors) {
        replaceVendorOptions(response, universe, vendor_code, enterprise, vendor_options);
    }
}

} // namespace

void setUserOptions(Pkt4& response, const UserOptions& options) {
    if (options.next_server) {
        response.setSiaddr(*options.next_server);
    }
    replaceAll(response, Option::V4, DHO_VIVSO_SUBOPTIONS, options);
}

void setUserOptions(Pkt6& response, const UserOptions& options) {
    replaceAll(response, Option::V6, D6O_VENDOR_OPTS, options);
}

} // namespace user_chk
