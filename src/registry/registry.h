// SPDX-License-Identifier: MPL-2.0
// Defines Registry: the users in force, as a base table with an overlay of changes.

#ifndef USER_CHK_REGISTRY_REGISTRY_H
#define USER_CHK_REGISTRY_REGISTRY_H

#include <registry/user_table.h>
#include <system/published.h>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace user_chk {

/// @brief The id by which a record matched a client.
struct MatchedBy {
    UserId::Kind kind = UserId::Kind::EXACT; ///< the kind of that id
    size_t length = 0;                       ///< how many bytes of the client's id it covers

    /// @brief Returns that id.
    ///
    /// @param client the id that was looked up
    UserId idOf(const UserId& client) const;
};

/// @brief Returns the id by which a user is counted, listed and written.
///
/// @param id the id by which the user was found
/// @param entry what was found
const UserId& mainIdOf(const UserId& id, const UserTable::Entry& entry);

class Users;

/// @brief Owns a snapshot of the users.
typedef std::shared_ptr<const Users> UsersPtr;

/// @brief A snapshot of the users. Immutable.
class Users {
public:
    /// @brief Creates an empty snapshot.
    Users();

    /// @brief Creates a snapshot of a sealed table.
    explicit Users(std::shared_ptr<const UserTable> base);

    /// @brief Returns these users with changes applied. The cost depends on the number of changes since the
    /// base was built, not on the number of users.
    ///
    /// @param changes a sealed table with the users that are new or changed, and with marks for those that
    /// were removed
    UsersPtr with(const UserTable& changes) const;

    /// @brief Returns the same users in a single table. The cost depends on the number of users.
    UsersPtr folded() const;

    /// @brief Returns these users on top of a base that folded() built from an earlier snapshot.
    ///
    /// @param before the earlier snapshot
    /// @param base what folded() built from it
    /// @return a null pointer when these users are not derived from that snapshot.
    UsersPtr over(const Users& before, const Users& base) const;

    /// @brief Returns the entry of a user, found by any of its ids; none when there is no such user. It
    /// points to data that lives as long as this object.
    std::optional<UserTable::Entry> entryOf(const UserId& id) const;

    /// @brief Returns the attributes of a user.
    ///
    /// @return a null pointer when there is no such user; otherwise it is valid as long as this object.
    const UserAttributes* find(const UserId& id) const;

    /// @brief Prepares for find(): begins to fetch from memory what it will read, without waiting for it.
    /// With many users, waiting would take as long as some hundred instructions.
    void prefetchFor(const UserId& id) const { base_->prefetchFor(IdTag(id), viewOf(id.getId())); }

    /// @brief Returns the attributes of the record that matches a client, and the id by which it matches. An
    /// exact id has precedence; next comes the longest prefix; last comes `random`, if the client's hardware
    /// address is locally administered. A client with the id of a default user matches no record.
    ///
    /// @param id the client's id, an exact one
    /// @return a null pointer when no record matches; otherwise it is valid as long as this object.
    std::pair<const UserAttributes*, MatchedBy> match(const UserId& id) const;

    /// @brief The attributes of the default user of a type, see isDefaultId().
    ///
    /// @return a null pointer when there is none; what it points to lives as long as this.
    const UserAttributes* defaultUser(UserId::UserIdType type) const { return defaults_.at(type); }

    /// @brief The number of users.
    size_t size() const { return size_; }

    /// @brief The number of users of each type.
    const UserTable::Sizes& sizes() const { return sizes_; }

    /// @brief The number of changes in the overlay.
    size_t changes() const { return overlay_ ? overlay_->size() : 0; }

    /// @brief The digest of all users.
    const Digest& digest() const { return digest_; }

    /// @brief Calls a function with users in the order of their ids.
    ///
    /// @param from the id after which to begin, whether or not there is such a user; none to begin with the
    /// first user
    /// @param limit the maximum number of users to visit
    /// @param visit takes the id and the attributes of a user
    void forEachAfter(const std::optional<UserId>& from, size_t limit,
                      const std::function<void(const UserId&, const AttributeSet&)>& visit) const;

    /// @brief Calls a function with each user whose note meets a condition, in no particular order.
    ///
    /// @param is_one tells whether a note meets it
    /// @param visit takes the id and the entry
    template <typename IsOne, typename Visit>
    void forEachIn(const IsOne& is_one, const Visit& visit) const {
        base_->forEachIn(is_one, [&](const UserId& id, const UserTable::Entry& entry) {
            if (entry.set != nullptr && (!overlay_ || !overlay_->entryOf(IdTag(id), id.getId()))) {
                visit(id, entry);
            }
        });
        if (overlay_) {
            overlay_->forEachIn(is_one, [&](const UserId& id, const UserTable::Entry& entry) {
                if (entry.set != nullptr) {
                    visit(id, entry);
                }
            });
        }
    }

private:
    void findDefaultUsers();
    static void hideOtherIds(const AttributeSet& set, UserTable& hidden);
    std::pair<const UserAttributes*, MatchedBy> matchPattern(const UserId& id) const;

    std::shared_ptr<const UserTable> base_;
    std::shared_ptr<const UserTable> overlay_; // null when empty
    IdPatterns patterns_;                      // of both tables
    // Looked up once: the query of each unregistered client needs one of them.
    std::array<const UserAttributes*, UserId::TYPES> defaults_{};
    UserTable::Sizes sizes_{};
    size_t size_ = 0;
    Digest digest_;
};

/// @brief Returns attributes that keep alive the snapshot in which they were found.
///
/// @param users the snapshot
/// @param found what its find(), match() or defaultUser() returned
/// @return a null pointer when nothing was found.
inline std::shared_ptr<const UserAttributes> owned(const UsersPtr& users, const UserAttributes* found) {
    return found != nullptr ? std::shared_ptr<const UserAttributes>(users, found) : nullptr;
}

/// @brief The users in force. Any thread may read them without waiting. Any thread may change them; changes
/// are made one at a time.
class Registry {
public:
    /// @brief The number of changes above which they are folded into a new base.
    static constexpr size_t MOST_CHANGES = 4096;

    Registry() = default;

    /// @brief Returns a snapshot of the current users.
    UsersPtr users() const { return users_.get(); }

    /// @brief Finds the attributes of a user.
    ///
    /// @return the attributes, which do not change while the caller holds them; a null pointer when there is
    /// no such user.
    std::shared_ptr<const UserAttributes> find(const UserId& id) const;

    /// @brief The number of users.
    size_t size() const { return users()->size(); }

    /// @brief Returns a text that is equal for two registries with equal users: the same ids with the same
    /// types and the same attributes.
    std::string revision() const { return users()->digest().text(); }

    /// @brief Replaces all users by those of a sealed table.
    void replace(std::shared_ptr<const UserTable> table);

    /// @brief Applies changes, see Users::with().
    void apply(const UserTable& changes);

    /// @brief True when the overlay has more than a number of changes.
    bool wantsFolding(size_t most_changes = MOST_CHANGES) const { return users()->changes() > most_changes; }

    /// @brief Merges the base and its changes into one table. Other changes may go on meanwhile. They do not
    /// wait for the merging, unless so many come that it does not keep up; then they wait for the merging of
    /// the newest ones.
    void fold();

private:
    Published<Users> users_{std::make_shared<Users>()};
    std::mutex change_; // one change at a time; readers do not lock it
};

} // namespace user_chk

#endif // USER_CHK_REGISTRY_REGISTRY_H
