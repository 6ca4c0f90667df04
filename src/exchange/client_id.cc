// SPDX-License-Identifier: MPL-2.0
// Implements the identification of clients.

#include <exchange/client_id.h>

#include <exchange/packet_option.h>

#include <dhcp/dhcp6.h>
#include <dhcp/hwaddr.h>
#include <dhcp/option.h>

#include <algorithm>

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
    constexpr size_t LENGTH_AT = 2;
    constexpr size_t ADDRESS_AT = 28;
    if (message.size() < ADDRESS_AT + Pkt4::MAX_CHADDR_LEN) {
        return std::nullopt;
    }
    // Like Kea, extends an address with zeros if its stated length exceeds the field.
    std::vector<uint8_t> address(message[LENGTH_AT]);
    std::copy_n(message.begin() + ADDRESS_AT, std::min(address.size(), size_t{Pkt4::MAX_CHADDR_LEN}),
                address.begin());
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
