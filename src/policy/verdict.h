// SPDX-License-Identifier: MPL-2.0
// Defines Verdict: a client's standing, and what follows from it.

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

/// @brief The decision on the client of a query.
struct Verdict {
    /// @brief A client's standing.
    enum class Standing {
        REGISTERED,   ///< it is registered
        UNKNOWN,      ///< the registry does not have it
        RESTRICTED,   ///< it is known, but treated as an unregistered client
        OUT_OF_SCOPE, ///< its registration is not valid in its subnet
        NOT_YET,      ///< its registration has not started
        EXPIRED,      ///< its registration has ended
        DENIED        ///< it is to get no answer
    };

    /// @brief The client's identifiers.
    ClientIds client;

    /// @brief The identifier that decided, when there are several and it is not the client's own id.
    std::optional<size_t> decider{}; // its place among them

    /// @brief Returns that identifier, a null pointer for none.
    const UserId* matched() const { return decider ? &client.at(*decider) : nullptr; }

    /// @brief Returns the id for records: the client's own id, or else the identifier that decided; a null
    /// pointer when there is neither.
    const UserId* recordedId() const { return client.id ? &*client.id : matched(); }

    /// @brief Returns the id by which an unregistered client is listed: its own id, or else the first of the
    /// others; a null pointer when there is none.
    const UserId* listedId() const {
        return client.id ? &*client.id : client.count() != 0 ? &client.at(0) : nullptr;
    }

    /// @brief The client's standing.
    Standing standing = Standing::UNKNOWN;

    /// @brief True when the registry has the client.
    bool found = false;

    /// @brief True when the client is treated as a registered one.
    bool registered() const { return standing == Standing::REGISTERED; }

    /// @brief True when it is to get no answer.
    bool denied() const { return standing == Standing::DENIED; }

    /// @brief The attributes that apply to the client: the user's own, or the default user's; null when there
    /// are none.
    std::shared_ptr<const UserAttributes> attributes{};

    /// @brief Returns the parsed attributes, a null pointer when they have no effect.
    const UserRules* rules() const { return attributes ? attributes->rules.get() : nullptr; }

    /// @brief Returns the options that the attributes put into responses, a null pointer for none.
    const UserOptions* options() const { return rules() != nullptr ? rules()->options.get() : nullptr; }

    /// @brief True when the default user decided: it denies the client an answer, or lends its attributes.
    bool by_default = false;

    /// @brief How many seconds a lease may last when the attributes expire, or the registration starts, at a
    /// certain time: the remaining time, rounded down, but at least 1, since there is no shorter lease.
    std::optional<uint32_t> seconds_left{};
};

/// @brief A function that returns the time.
typedef std::chrono::system_clock::time_point (*WallClock)();

/// @brief A test by which a client is within every scope.
inline bool anywhere(const Scope&) {
    return true;
}

/// @brief Decides on the client of a verdict in which only the client is set.
///
/// The record with the id `00000000` is the default user of its protocol. It never matches a client. Its
/// attributes apply to unregistered clients: with `access` set to `deny` they get no answer. Before `starts`,
/// from `expires` on, and outside its scope, its attributes do not apply.
///
/// A record has no effect where it is not valid: it then neither denies its client an answer, nor limits its
/// leases.
///
/// Of several identifiers, the first one that the registry has decides.
///
/// @param verdict has the client; everything else is set
/// @param users the users in force
/// @param type the type of clients' own ids in the query's protocol
/// @param clock returns the time; called only if needed
/// @param is_within tells where the client is; called only if needed; its exceptions are passed on
void judge(Verdict& verdict, const UsersPtr& users, UserId::UserIdType type,
           WallClock clock = std::chrono::system_clock::now, const ScopeTest& is_within = anywhere);

/// @brief Same as above, but creates the verdict.
Verdict judge(const UsersPtr& users, UserId::UserIdType type, ClientIds client,
              WallClock clock = std::chrono::system_clock::now, const ScopeTest& is_within = anywhere);

/// @brief Returns the standing in one word: `out-of-scope`.
const char* wordOf(Verdict::Standing standing);

/// @brief Returns the reason for the client's standing, as the end of a sentence: `the registry does not have
/// it`.
const char* reasonOf(const Verdict& verdict);

/// @brief Returns the name of the client for log messages: `HW_ADDR=0c0e0a01ff04`; when another identifier
/// decided, `HW_ADDR=0c0e0a01ff04 (CIRCUIT_ID=67652d30)`.
std::string clientText(const Verdict& verdict);

} // namespace user_chk

#endif // USER_CHK_POLICY_VERDICT_H
