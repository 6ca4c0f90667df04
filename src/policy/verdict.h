// SPDX-License-Identifier: MPL-2.0
// Defines Verdict: how the client of a query stands with the registry.

#ifndef USER_CHK_POLICY_VERDICT_H
#define USER_CHK_POLICY_VERDICT_H

#include <policy/scope.h>
#include <policy/user_rules.h>
#include <registry/registry.h>
#include <user.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace user_chk {

/// @brief What was decided on the client of a query.
struct Verdict {
    /// @brief How a client stands with the registry.
    enum class Standing {
        REGISTERED,   ///< it is registered
        UNKNOWN,      ///< the registry does not have it
        RESTRICTED,   ///< it is known, but to be treated as if it were not
        OUT_OF_SCOPE, ///< its registration does not hold where it is
        NOT_YET,      ///< its registration has not started
        EXPIRED,      ///< its registration has ended
        DENIED        ///< it is to get no answer
    };

    /// @brief The client's id; none when the query carries no usable one.
    std::optional<UserId> id;

    /// @brief How it stands.
    Standing standing = Standing::UNKNOWN;

    /// @brief True when the registry has the client.
    bool found = false;

    /// @brief True when the client is treated as a registered one.
    bool registered() const { return standing == Standing::REGISTERED; }

    /// @brief True when it is to get no answer.
    bool denied() const { return standing == Standing::DENIED; }

    /// @brief The attributes that hold for it: the user's own, or the default user's; null when there is
    /// neither.
    std::shared_ptr<const UserAttributes> attributes;

    /// @brief What these mean, a null pointer for nothing.
    const UserRules* rules() const { return attributes ? attributes->rules.get() : nullptr; }

    /// @brief The options that these put into responses, a null pointer for none.
    const UserOptions* options() const { return rules() != nullptr ? rules()->options.get() : nullptr; }

    /// @brief True when the default user has decided: it denies the client, or lends its attributes.
    bool by_default = false;

    /// @brief How many seconds a lease may last, where these attributes end at a time, or the registration
    /// starts at one: what is left, rounded down, but at least 1, since there is no shorter lease.
    std::optional<uint32_t> seconds_left;
};

/// @brief What tells the time.
typedef std::chrono::system_clock::time_point (*WallClock)();

/// @brief A client that is within each scope.
inline bool anywhere(const Scope&) {
    return true;
}

/// @brief Decides on a client.
///
/// The record of the id `00000000` is the default user of its type. It never matches a client; it lends its
/// attributes to those that are not registered, and what these mean then holds for them: with `access` at
/// `deny` they get no answer, and before `starts`, from `expires` on, and out of its scope there are no such
/// attributes.
///
/// A record says nothing where it does not hold: neither that its client is denied there, nor until when.
///
/// @param registry the users in force
/// @param type the type of ids in the query's protocol
/// @param id the client's id, if it has one
/// @param clock tells the time, if it is needed
/// @param is_within tells where the client is, if it is needed; what it throws is thrown
Verdict judge(const Registry& registry, UserId::UserIdType type, std::optional<UserId> id,
              WallClock clock = std::chrono::system_clock::now, const ScopeTest& is_within = anywhere);

/// @brief Why the client stands as it does, as the end of a sentence: `the registry does not have it`.
const char* reasonOf(const Verdict& verdict);

/// @brief What to call the client in a message of the log: `HW_ADDR=0c0e0a01ff04`.
std::string clientText(const Verdict& verdict);

} // namespace user_chk

#endif // USER_CHK_POLICY_VERDICT_H
