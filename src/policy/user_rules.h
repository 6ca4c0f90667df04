// SPDX-License-Identifier: MPL-2.0
// Defines UserRules: what the attributes of a user mean for its queries.

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

struct UserOptions; // what goes into responses; policy only keeps it

/// @brief What the attributes of a user, or of the default user, mean. Immutable once it is in the registry.
struct UserRules {
    /// @brief Whether a user who is known is let in.
    enum class Access {
        ALLOW,    ///< as a registered client
        RESTRICT, ///< as one that is not registered
        DENY      ///< not at all
    };

    /// @brief `access`: `allow`, `restrict` or `deny`.
    Access access = Access::ALLOW;

    /// @brief `starts`: until when the registration does not hold yet.
    std::optional<std::chrono::system_clock::time_point> starts;

    /// @brief `expires`: from when on the registration does not hold.
    std::optional<std::chrono::system_clock::time_point> expires;

    /// @brief `subnets`, `shared-networks`: where the registration holds, null for everywhere.
    std::shared_ptr<const Scope> scope;

    /// @brief `client-classes`: added to the query.
    std::vector<isc::dhcp::ClientClass> client_classes;

    /// @brief `option.*`, `next-server`: what the response gets, null for nothing.
    std::shared_ptr<const UserOptions> options;

    /// @brief True when the attributes mean nothing.
    bool empty() const {
        return access == Access::ALLOW && !starts && !expires && !scope && client_classes.empty() && !options;
    }

    /// @brief True when leases may have to end at a time.
    bool endsLeases() const { return starts || expires; }

    /// @brief Takes `access`, `starts`, `expires`, `subnets`, `shared-networks` and `client-classes` out of
    /// attributes.
    ///
    /// @throw isc::BadValue naming the attribute that has a bad value.
    static UserRules parse(const PropertyMap& attributes);
};

} // namespace user_chk

#endif // USER_CHK_POLICY_USER_RULES_H
