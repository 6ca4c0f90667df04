// SPDX-License-Identifier: MPL-2.0
// Defines ClientIds: what a query tells of who its client is.

#ifndef USER_CHK_POLICY_CLIENT_IDS_H
#define USER_CHK_POLICY_CLIENT_IDS_H

#include <user.h>

#include <optional>
#include <utility>
#include <vector>

namespace user_chk {

/// @brief What a query tells of who its client is.
struct ClientIds {
    ClientIds() = default;

    /// @brief A client that is looked up by its own id, if it has one.
    ClientIds(std::optional<UserId> own) : id(std::move(own)) {} // NOLINT(google-explicit-constructor)

    /// @brief The same.
    ClientIds(UserId own) : id(std::move(own)) {} // NOLINT(google-explicit-constructor)

    /// @brief A client that is looked up by several identifiers, in this order.
    ClientIds(std::optional<UserId> own, std::vector<UserId> several)
        : id(std::move(own)), by_id_alone(false), identifiers(std::move(several)) {}

    /// @brief The client's own id: the one that the protocol knows it by, and that records are about; none
    /// when the query carries no usable one.
    std::optional<UserId> id;

    /// @brief True when the client is looked up by its own id, and nothing else.
    bool by_id_alone = true;

    /// @brief Otherwise all that it is looked up by, in this order.
    std::vector<UserId> identifiers{};
};

/// @brief True when they tell the same.
inline bool isSame(const ClientIds& one, const ClientIds& other) {
    return one.id == other.id && one.identifiers == other.identifiers;
}

} // namespace user_chk

#endif // USER_CHK_POLICY_CLIENT_IDS_H
