// SPDX-License-Identifier: MPL-2.0
// Implements Scope.

#include <policy/scope.h>

#include <config/places.h>

#include <exceptions/exceptions.h>

#include <boost/algorithm/string.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace user_chk {

using isc::dhcp::SubnetID;

namespace {

// Returns the items between commas, without the blanks around them.
std::vector<std::string> itemsOf(const std::string& text) {
    std::vector<std::string> items;
    boost::split(items, text, boost::is_any_of(","));
    for (std::string& item : items) {
        boost::trim(item);
    }
    return items;
}

std::optional<SubnetID> subnetId(const std::string& digits) {
    SubnetID id = 0;
    const char* end = digits.data() + digits.size();
    const auto [last, error] = std::from_chars(digits.data(), end, id);
    const bool good = error == std::errc() && last == end && id != isc::dhcp::SUBNET_ID_GLOBAL &&
                      id <= isc::dhcp::SUBNET_ID_MAX;
    return good ? std::make_optional(id) : std::nullopt;
}

std::vector<SubnetID> parseSubnets(const std::string& text) {
    std::vector<SubnetID> subnets;
    for (const std::string& item : itemsOf(text)) {
        const auto id = subnetId(item);
        if (!id) {
            isc_throw(isc::BadValue, "invalid subnets: '" << text << "', must be ids of subnets, 1 to "
                                                          << isc::dhcp::SUBNET_ID_MAX
                                                          << ", separated by commas");
        }
        subnets.push_back(*id);
    }
    return subnets;
}

std::vector<std::string> parseNetworks(const std::string& text) {
    std::vector<std::string> names = itemsOf(text);
    if (std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.empty(); })) {
        isc_throw(isc::BadValue, "invalid shared-networks: '"
                                     << text << "', must be names of shared networks, separated by commas");
    }
    return names;
}

template <typename Subnet>
bool hasAny(const Scope& scope, const Subnet& subnet) {
    const auto& ids = scope.subnets;
    const auto network = networkOf(subnet);
    if (!network) {
        return std::count(ids.begin(), ids.end(), subnet.getID()) != 0;
    }
    const auto& names = scope.shared_networks;
    return std::count(names.begin(), names.end(), network->getName()) != 0 ||
           std::any_of(ids.begin(), ids.end(),
                       [&](SubnetID id) { return network->getSubnet(id) != nullptr; });
}

} // namespace

std::shared_ptr<const Scope> Scope::parse(const PropertyMap& attributes) {
    const auto subnets = attributes.find("subnets");
    const auto networks = attributes.find("shared-networks");
    if (subnets == attributes.end() && networks == attributes.end()) {
        return nullptr;
    }
    Scope scope;
    if (subnets != attributes.end()) {
        scope.subnets = parseSubnets(subnets->second);
    }
    if (networks != attributes.end()) {
        scope.shared_networks = parseNetworks(networks->second);
    }
    return std::make_shared<const Scope>(std::move(scope));
}

bool Scope::includes(const isc::dhcp::Subnet4& subnet) const {
    return hasAny(*this, subnet);
}

bool Scope::includes(const isc::dhcp::Subnet6& subnet) const {
    return hasAny(*this, subnet);
}

} // namespace user_chk
