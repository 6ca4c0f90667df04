// SPDX-License-Identifier: MPL-2.0
// Implements the identification of clients and the verdict on them.

#include <policy/verdict.h>

#include <dhcp/dhcp6.h>
#include <dhcp/hwaddr.h>
#include <dhcp/option.h>

#include <utility>

namespace user_chk {

using namespace isc::dhcp;

namespace {

// The id of the default user of a type.
const UserId& defaultId(UserId::UserIdType type) {
    static const std::vector<uint8_t> ZEROES(4, 0);
    static const UserId HW_ADDRESS(UserId::HW_ADDRESS, ZEROES);
    static const UserId DUID(UserId::DUID, ZEROES);
    return type == UserId::HW_ADDRESS ? HW_ADDRESS : DUID;
}

} // namespace

std::optional<UserId> clientIdOf(const Pkt4& query) {
    const HWAddrPtr hwaddr = query.getHWAddr();
    if (!hwaddr || hwaddr->hwaddr_.empty()) {
        return std::nullopt;
    }
    return UserId(UserId::HW_ADDRESS, hwaddr->hwaddr_);
}

std::optional<UserId> clientIdOf(const Pkt6& query) {
    // Not by getOption(), which copies the option within callouts.
    const auto option = query.options_.find(D6O_CLIENTID);
    if (option == query.options_.end() || option->second->getData().empty()) {
        return std::nullopt;
    }
    return UserId(UserId::DUID, option->second->getData());
}

VerdictPtr judge(const UserRegistry& registry, UserId::UserIdType type, std::optional<UserId> id) {
    const auto verdict = std::make_shared<Verdict>();
    verdict->id = std::move(id);
    if (verdict->id && *verdict->id != defaultId(type)) {
        verdict->attributes = registry.findAttributes(*verdict->id);
    }
    verdict->registered = verdict->attributes != nullptr;
    if (!verdict->registered) {
        verdict->attributes = registry.findAttributes(defaultId(type));
    }
    return verdict;
}

} // namespace user_chk
