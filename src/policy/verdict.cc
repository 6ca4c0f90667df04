// SPDX-License-Identifier: MPL-2.0
// Implements the verdict on clients.

#include <policy/verdict.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace user_chk {

typedef Verdict::Standing Standing;

namespace {

// The id of the default user of a protocol.
const UserId& defaultId(UserId::UserIdType type) {
    static const std::vector<uint8_t> ZEROES(4, 0);
    static const UserId HW_ADDRESS(UserId::HW_ADDRESS, ZEROES);
    static const UserId DUID(UserId::DUID, ZEROES);
    return type == UserId::HW_ADDRESS ? HW_ADDRESS : DUID;
}

// The attributes of the client; takes note of what it was found by.
std::shared_ptr<const UserAttributes> find(const Registry& registry, Verdict& verdict) {
    const ClientIds& client = verdict.client;
    if (client.by_id_alone) {
        return client.id ? registry.match(*client.id).attributes : nullptr;
    }
    for (size_t at = 0; at < client.identifiers.size(); ++at) {
        if (auto found = registry.match(client.identifiers[at]).attributes) {
            if (client.identifiers[at] != client.id) {
                verdict.decider = at;
            }
            return found;
        }
    }
    return nullptr;
}

// How a client stands by attributes that hold for it, and for how long.
struct Standpoint {
    Standing standing = Standing::REGISTERED;
    std::optional<uint32_t> seconds_left;
};

Standpoint standpointOf(const std::shared_ptr<const UserAttributes>& attributes, WallClock clock) {
    const UserRules* rules = attributes ? attributes->rules.get() : nullptr;
    if (rules == nullptr) {
        return {};
    }
    if (rules->access == UserRules::Access::DENY) {
        return {Standing::DENIED, std::nullopt};
    }
    Standpoint found;
    if (rules->expires) {
        const auto left = *rules->expires - clock();
        if (left <= left.zero()) {
            return {Standing::EXPIRED, std::nullopt};
        }
        const int64_t seconds = std::chrono::floor<std::chrono::seconds>(left).count();
        found.seconds_left =
            static_cast<uint32_t>(std::clamp<int64_t>(seconds, 1, std::numeric_limits<uint32_t>::max()));
    }
    if (rules->access == UserRules::Access::RESTRICT) {
        found.standing = Standing::RESTRICTED;
    }
    return found;
}

// Takes what the default user lends to clients who are not registered.
void borrow(Verdict& verdict, std::shared_ptr<const UserAttributes> lent, WallClock clock) {
    const Standpoint standpoint = standpointOf(lent, clock);
    if (standpoint.standing == Standing::DENIED) {
        verdict.standing = Standing::DENIED;
        verdict.by_default = true;
    } else if (standpoint.standing != Standing::EXPIRED) {
        verdict.by_default = lent != nullptr;
        verdict.attributes = std::move(lent);
        verdict.seconds_left = standpoint.seconds_left;
    }
}

std::string textOf(const UserId& id) {
    return UserId::lookupTypeStr(id.getType()) + "=" + id.toText();
}

} // namespace

Verdict judge(const Registry& registry, UserId::UserIdType type, ClientIds client, WallClock clock) {
    Verdict verdict;
    verdict.client = std::move(client);
    std::shared_ptr<const UserAttributes> own = find(registry, verdict);
    if (own) {
        verdict.found = true;
        const Standpoint standpoint = standpointOf(own, clock);
        verdict.standing = standpoint.standing;
        verdict.seconds_left = standpoint.seconds_left;
    }
    if (verdict.registered()) {
        verdict.attributes = std::move(own);
    } else if (!verdict.denied()) {
        verdict.seconds_left.reset();
        borrow(verdict, registry.find(defaultId(type)), clock);
    }
    return verdict;
}

const char* reasonOf(const Verdict& verdict) {
    switch (verdict.standing) {
    case Standing::REGISTERED:
        return "the registry has it";
    case Standing::UNKNOWN:
        return "the registry does not have it";
    case Standing::RESTRICTED:
        return "its access is restricted";
    case Standing::EXPIRED:
        return "its registration has expired";
    default:
        return verdict.by_default ? "clients that are not registered are denied" : "its access is denied";
    }
}

std::string clientText(const Verdict& verdict) {
    const UserId* matched = verdict.matched();
    const UserId* id = verdict.recordedId();
    if (id == nullptr) {
        return "a client without an identifier";
    }
    return textOf(*id) + (matched != nullptr && matched != id ? " (" + textOf(*matched) + ")" : "");
}

} // namespace user_chk
