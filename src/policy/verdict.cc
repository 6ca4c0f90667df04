// SPDX-License-Identifier: MPL-2.0
// Implements the verdict on a client.

#include <policy/verdict.h>

#include <identity/id_text.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace user_chk {

typedef Verdict::Standing Standing;

namespace {

// Returns the attributes of the client, and notes the identifier that found them.
std::shared_ptr<const UserAttributes> find(const UsersPtr& users, Verdict& verdict) {
    const ClientIds& client = verdict.client;
    for (size_t place = 0; place < client.count(); ++place) {
        if (const UserAttributes* found = users->match(client.at(place)).first) {
            if (!client.isOwn(place)) {
                verdict.decider = place;
            }
            return owned(users, found);
        }
    }
    return nullptr;
}

// The client's standing by the attributes that apply to it, and for how long.
struct Standpoint {
    Standing standing = Standing::REGISTERED;
    std::optional<uint32_t> seconds_left;
};

typedef std::chrono::system_clock::duration Left;

// How long a lease may last when it must end at a given time.
uint32_t secondsOf(Left left) {
    const int64_t seconds = std::chrono::floor<std::chrono::seconds>(left).count();
    return static_cast<uint32_t>(std::clamp<int64_t>(seconds, 1, std::numeric_limits<uint32_t>::max()));
}

// Judges by the times of a record that applies here and does not deny access.
Standpoint standpointAt(std::chrono::system_clock::time_point now, const UserRules& rules) {
    if (rules.starts && *rules.starts > now) {
        return {Standing::NOT_YET, secondsOf(*rules.starts - now)};
    }
    if (!rules.expires) {
        return {};
    }
    if (*rules.expires <= now) {
        return {Standing::EXPIRED, std::nullopt};
    }
    return {Standing::REGISTERED, secondsOf(*rules.expires - now)};
}

Standpoint standpointOf(const std::shared_ptr<const UserAttributes>& attributes, WallClock clock,
                        const ScopeTest& is_within) {
    const UserRules* rules = attributes ? attributes->rules.get() : nullptr;
    if (rules == nullptr) {
        return {};
    }
    if (rules->scope && !is_within(*rules->scope)) {
        return {Standing::OUT_OF_SCOPE, std::nullopt};
    }
    if (rules->access == UserRules::Access::DENY) {
        return {Standing::DENIED, std::nullopt};
    }
    Standpoint found = rules->endsLeases() ? standpointAt(clock(), *rules) : Standpoint();
    if (found.standing == Standing::REGISTERED && rules->access == UserRules::Access::RESTRICT) {
        found.standing = Standing::RESTRICTED;
    }
    return found;
}

// True when attributes are in force for a client with this standing.
bool holds(Standing standing) {
    return standing == Standing::REGISTERED || standing == Standing::RESTRICTED;
}

// Returns the lesser of both, or the one that is set.
std::optional<uint32_t> earlier(std::optional<uint32_t> a, std::optional<uint32_t> b) {
    return a && b ? std::min(a, b) : (a ? a : b);
}

// Applies the default user's attributes to an unregistered client.
void borrow(Verdict& verdict, std::shared_ptr<const UserAttributes> lent, const Standpoint& standpoint) {
    if (standpoint.standing == Standing::DENIED) {
        verdict.standing = Standing::DENIED;
        verdict.by_default = true;
        verdict.seconds_left.reset();
        return;
    }
    verdict.seconds_left = earlier(verdict.seconds_left, standpoint.seconds_left);
    if (holds(standpoint.standing)) {
        verdict.by_default = lent != nullptr;
        verdict.attributes = std::move(lent);
    }
}

} // namespace

void judge(Verdict& verdict, const UsersPtr& users, UserId::UserIdType type, WallClock clock,
           const ScopeTest& is_within) {
    std::shared_ptr<const UserAttributes> own = find(users, verdict);
    if (own) {
        verdict.found = true;
        const Standpoint standpoint = standpointOf(own, clock, is_within);
        verdict.standing = standpoint.standing;
        // A restricted lease ends when the registration starts, not when it would end.
        if (standpoint.standing != Standing::RESTRICTED) {
            verdict.seconds_left = standpoint.seconds_left;
        }
    }
    if (verdict.registered()) {
        verdict.attributes = std::move(own);
    } else if (!verdict.denied()) {
        std::shared_ptr<const UserAttributes> lent = owned(users, users->defaultUser(type));
        const Standpoint standpoint = standpointOf(lent, clock, is_within);
        borrow(verdict, std::move(lent), standpoint);
    }
}

Verdict judge(const UsersPtr& users, UserId::UserIdType type, ClientIds client, WallClock clock,
              const ScopeTest& is_within) {
    Verdict verdict;
    verdict.client = std::move(client);
    judge(verdict, users, type, clock, is_within);
    return verdict;
}

const char* wordOf(Verdict::Standing standing) {
    switch (standing) {
    case Verdict::Standing::REGISTERED:
        return "registered";
    case Verdict::Standing::RESTRICTED:
        return "restricted";
    case Verdict::Standing::OUT_OF_SCOPE:
        return "out-of-scope";
    case Verdict::Standing::NOT_YET:
        return "not-yet";
    case Verdict::Standing::EXPIRED:
        return "expired";
    case Verdict::Standing::DENIED:
        return "denied";
    default:
        return "unknown";
    }
}

const char* reasonOf(const Verdict& verdict) {
    switch (verdict.standing) {
    case Standing::REGISTERED:
        return "it is in the registry";
    case Standing::UNKNOWN:
        return "it is not in the registry";
    case Standing::RESTRICTED:
        return "its access is restricted";
    case Standing::OUT_OF_SCOPE:
        return "its registration does not apply where it is";
    case Standing::NOT_YET:
        return "its registration has not started yet";
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
