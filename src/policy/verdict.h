// SPDX-License-Identifier: MPL-2.0
// Defines Verdict: who a query is from, and whether the registry knows that client.

#ifndef USER_CHK_POLICY_VERDICT_H
#define USER_CHK_POLICY_VERDICT_H

#include <user.h>
#include <user_registry.h>

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

#include <memory>
#include <optional>

namespace user_chk {

/// @brief What was decided on a query when it was received. Immutable; kept in the callout context.
struct Verdict {
    /// @brief The client's id; none when the query carries no usable one.
    std::optional<UserId> id;

    /// @brief True when the client is a registered one.
    bool registered = false;

    /// @brief The attributes that the response gets: the user's own, or the default user's; null when there
    /// is neither.
    std::shared_ptr<const PropertyMap> attributes;
};

/// @brief Pointer to a Verdict.
typedef std::shared_ptr<const Verdict> VerdictPtr;

/// @brief The id of a DHCPv4 client: its hardware address (RFC 2131 `chaddr`), whatever its type.
///
/// @return none when the query has no hardware address.
std::optional<UserId> clientIdOf(const isc::dhcp::Pkt4& query);

/// @brief The id of a DHCPv6 client: the DUID of option 1 (RFC 8415 section 21.2), of the innermost message.
///
/// @return none when the query has no option 1 or an empty one.
std::optional<UserId> clientIdOf(const isc::dhcp::Pkt6& query);

/// @brief Decides on a client.
///
/// The record of the id `00000000` is the default user of its type. It never matches a client; it lends its
/// attributes to those that are not registered.
///
/// @param registry the users in force
/// @param type the type of ids in the query's protocol
/// @param id the client's id, if it has one
VerdictPtr judge(const UserRegistry& registry, UserId::UserIdType type, std::optional<UserId> id);

} // namespace user_chk

#endif // USER_CHK_POLICY_VERDICT_H
