// SPDX-License-Identifier: MPL-2.0
// Implements the identification of clients.

#include <exchange/client_id.h>

#include <exchange/packet_option.h>
#include <exchange/received_query.h>

#include <dhcp/dhcp6.h>
#include <dhcp/hwaddr.h>
#include <dhcp/option.h>

namespace user_chk {

using namespace isc::dhcp;

std::optional<UserId> clientIdOf(const Pkt4& query) {
    const HWAddrPtr hwaddr = query.getHWAddr();
    if (!hwaddr || hwaddr->hwaddr_.empty()) {
        return std::nullopt;
    }
    return UserId(UserId::HW_ADDRESS, hwaddr->hwaddr_);
}

std::optional<UserId> clientIdIn(const std::vector<uint8_t>& message) {
    const std::vector<uint8_t> address = hardwareAddressIn(message);
    return address.empty() ? std::nullopt : std::make_optional(UserId(UserId::HW_ADDRESS, address));
}

std::optional<UserId> clientIdOf(const Pkt6& query) {
    const Option* option = optionIn(query, D6O_CLIENTID);
    if (option == nullptr || option->getData().empty()) {
        return std::nullopt;
    }
    return UserId(UserId::DUID, option->getData());
}

} // namespace user_chk
