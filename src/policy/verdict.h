// SPDX-License-Identifier: MPL-2.0
// Defines Verdict: how the client of a query stands with the registry.

#ifndef USER_CHK_POLICY_VERDICT_H
#define USER_CHK_POLICY_VERDICT_H

#include <policy/client_ids.h>
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

    /// @brief What the query tells of who the client is.
    ClientIds client;

    /// @brief The identifier that has decided, where it was one of several and is not the client's own id.
    std::optional<size_t> decider; // its place among them

    /// @brief The same as an id, a null pointer for none.
    const UserId* matched() const { return decider ? &client.at(*decider) : nullptr; }

    /// @brief What records are about: the client's own id, or else the one that has decided; a null pointer
    /// when there is neither.
    const UserId* recordedId() const { return client.id ? &*client.id : matched(); }

    /// @brief What a client that is not registered is listed by: its own id, or else the first of the others;
    /// a null pointer when there is none.
    const UserId* listedId() const {
        return client.id ? &*client.id : client.count() != 0 ? &client.at(0) : nullptr;
    }

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

/// @brief Decides on the client of a verdict that has nothing else yet.
///
/// The record of the id `00000000` is the default user of its protocol. It never matches a client; it lends
/// its attributes to those that are not registered, and what these mean then holds for them: with `access` at
/// `deny` they get no answer, and before `starts`, from `expires` on, and out of its scope there are no such
/// attributes.
///
/// A record says nothing where it does not hold: neither that its client is denied there, nor until when.
///
/// Of several identifiers the first one that the registry has decides.
///
/// @param verdict has the client; the rest is added
/// @param registry the users in force
/// @param type the type of clients' own ids in the query's protocol
/// @param clock tells the time, if it is needed
/// @param is_within tells where the client is, if it is needed; what it throws is thrown
void judge(Verdict& verdict, const Registry& registry, UserId::UserIdType type,
           WallClock clock = std::chrono::system_clock::now, const ScopeTest& is_within = anywhere);

/// @brief The same; makes the verdict of a client.
Verdict judge(const Registry& registry, UserId::UserIdType type, ClientIds client,
              WallClock clock = std::chrono::system_clock::now, const ScopeTest& is_within = anywhere);

/// @brief How a client stands, in one word: `out-of-scope`.
const char* wordOf(Verdict::Standing standing);

/// @brief Why the client stands as it does, as the end of a sentence: `the registry does not have it`.
const char* reasonOf(const Verdict& verdict);

/// @brief What to call the client in a message of the log: `HW_ADDR=0c0e0a01ff04`, and where another
/// identifier has decided `HW_ADDR=0c0e0a01ff04 (CIRCUIT_ID=67652d30)`.
std::string clientText(const Verdict& verdict);

} // namespace user_chk

#endif // USER_CHK_POLICY_VERDICT_H
