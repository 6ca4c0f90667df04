// SPDX-License-Identifier: MPL-2.0
// Defines ClientIds: the identifiers of a query's client.

#ifndef USER_CHK_POLICY_CLIENT_IDS_H
#define USER_CHK_POLICY_CLIENT_IDS_H

#include <user.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace user_chk {

/// @brief The identifiers of a query's client.
struct ClientIds {
    ClientIds() = default;

    /// @brief A client that is looked up by its own id, if it has one.
    ClientIds(std::optional<UserId> own) : id(std::move(own)) {} // NOLINT(google-explicit-constructor)

    /// @brief A client that is looked up by its own id.
    ClientIds(UserId own) : id(std::move(own)) {} // NOLINT(google-explicit-constructor)

    /// @brief A client that is looked up by several identifiers, in this order. They may include its own id.
    ClientIds(std::optional<UserId> own, std::vector<UserId> several)
        : id(std::move(own)), id_place(NOT_LOOKED_UP), others(std::move(several)) {
        const auto found = id ? std::find(others.begin(), others.end(), *id) : others.end();
        if (found != others.end()) {
            id_place = static_cast<size_t>(found - others.begin());
            others.erase(found);
        }
    }

    /// @brief The place of an own id that is not looked up.
    static constexpr size_t NOT_LOOKED_UP = SIZE_MAX;

    /// @brief The client's own id: the one by which the protocol identifies it, and which records show. None
    /// when the query carries no usable one.
    std::optional<UserId> id;

    /// @brief How many other identifiers are looked up before it.
    size_t id_place = 0;

    /// @brief The other identifiers that are looked up, in this order.
    std::vector<UserId> others{};

    /// @brief Returns the number of identifiers that are looked up.
    size_t count() const { return others.size() + (looksUpId() ? 1 : 0); }

    /// @brief Returns one of them. They are looked up in the order of their places.
    const UserId& at(size_t place) const {
        if (!looksUpId() || place < id_place) {
            return others[place];
        }
        return place == id_place ? *id : others[place - 1];
    }

    /// @brief True when the identifier at this place is the client's own id.
    bool isOwn(size_t place) const { return looksUpId() && place == id_place; }

private:
    bool looksUpId() const { return id && id_place != NOT_LOOKED_UP; }
};

/// @brief True when both have the same identifiers.
inline bool isSame(const ClientIds& one, const ClientIds& other) {
    return one.id == other.id && one.id_place == other.id_place && one.others == other.others;
}

} // namespace user_chk

#endif // USER_CHK_POLICY_CLIENT_IDS_H
