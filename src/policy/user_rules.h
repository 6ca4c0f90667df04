// SPDX-License-Identifier: MPL-2.0
// Defines UserRules: the parsed attributes of a user that affect its queries.

#ifndef USER_CHK_POLICY_USER_RULES_H
#define USER_CHK_POLICY_USER_RULES_H

#include <policy/scope.h>
#include <user.h>

#include <dhcp/classify.h>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace user_chk {

struct UserOptions; // what goes into responses; the policy only stores it

/// @brief The parsed attributes of a user, or of the default user. Immutable once in the registry.
struct UserRules {
    /// @brief How a known client is treated.
    enum class Access {
        ALLOW,    ///< as a registered client
        RESTRICT, ///< as an unregistered client
        DENY      ///< it gets no answer
    };

    /// @brief `access`: `allow`, `restrict` or `deny`.
    Access access = Access::ALLOW;

    /// @brief `starts`: the registration is valid from this time on.
    std::optional<std::chrono::system_clock::time_point> starts;

    /// @brief `expires`: the registration is no longer valid from this time on.
    std::optional<std::chrono::system_clock::time_point> expires;

    /// @brief `subnets`, `shared-networks`: where the registration is valid, null for everywhere.
    std::shared_ptr<const Scope> scope;

    /// @brief `client-classes`: added to the query.
    std::vector<isc::dhcp::ClientClass> client_classes;

    /// @brief `option.*`, `next-server`: what is added to the response, null for nothing.
    std::shared_ptr<const UserOptions> options;

    /// @brief True when no attribute has an effect.
    bool empty() const {
        return access == Access::ALLOW && !starts && !expires && !scope && client_classes.empty() && !options;
    }

    /// @brief True when leases may have to end at a certain time.
    bool endsLeases() const { return starts || expires; }

    /// @brief Parses `access`, `starts`, `expires`, `subnets`, `shared-networks` and `client-classes`.
    ///
    /// @throw isc::BadValue naming the attribute that has a bad value.
    static UserRules parse(const PropertyMap& attributes);
};

} // namespace user_chk

#endif // USER_CHK_POLICY_USER_RULES_H
