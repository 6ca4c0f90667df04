// SPDX-License-Identifier: MPL-2.0
// Defines Registry: the users in force, as a table and the changes that lie over it.

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

/// @brief By which id a record matches a client's.
struct MatchedBy {
    UserId::Kind kind = UserId::Kind::EXACT; ///< the kind of that id
    size_t length = 0;                       ///< how many of the first bytes of the client's it has, or all

    /// @brief That id.
    ///
    /// @param client the id that was looked up
    UserId idOf(const UserId& client) const;
};

/// @brief The id by which a user is counted, listed and written.
///
/// @param id by which it was found
/// @param entry what was found
const UserId& mainIdOf(const UserId& id, const UserTable::Entry& entry);

/// @brief The users of a moment. Immutable.
class Users {
public:
    /// @brief Nobody.
    Users();

    /// @brief The users of a table that is sealed.
    explicit Users(std::shared_ptr<const UserTable> base);

    /// @brief These users with changes: costs what has changed since the base was made, not what there is.
    ///
    /// @param changes a table that is sealed, with the users that are new or changed, and marks for those
    /// that are gone
    std::shared_ptr<const Users> with(const UserTable& changes) const;

    /// @brief The same users in one table; costs what there is.
    std::shared_ptr<const Users> folded() const;

    /// @brief These users, over the base that folded() has made of some that were before.
    ///
    /// @param before those
    /// @param base what folded() made of them
    /// @return a null pointer when these are not what changes have made of those.
    std::shared_ptr<const Users> over(const Users& before, const Users& base) const;

    /// @brief What is known of a user, by any of its ids; nothing when there is none. What it points to lives
    /// as long as this.
    std::optional<UserTable::Entry> entryOf(const UserId& id) const;

    /// @brief The attributes of a user.
    ///
    /// @return a null pointer when there is no such user; what it points to lives as long as this.
    const UserAttributes* find(const UserId& id) const;

    /// @brief The attributes that a record has for a client, and by which id it matches. It is the record of
    /// the client's very id; else the one of the longest prefix; else, for a hardware address that the client
    /// has made up, that of `random`. A client that has the id of a default user has no record.
    ///
    /// @param id the client's, an exact one
    /// @return a null pointer when no record matches; what it points to lives as long as this.
    std::pair<const UserAttributes*, MatchedBy> match(const UserId& id) const;

    /// @brief The attributes of the default user of a type, see isDefaultId().
    ///
    /// @return a null pointer when there is none; what it points to lives as long as this.
    const UserAttributes* defaultUser(UserId::UserIdType type) const { return defaults_.at(type); }

    /// @brief The number of users.
    size_t size() const { return size_; }

    /// @brief The number of users of each type.
    const UserTable::Sizes& sizes() const { return sizes_; }

    /// @brief The number of changes that lie over the base.
    size_t changes() const { return overlay_ ? overlay_->size() : 0; }

    /// @brief The digest of all users.
    const Digest& digest() const { return digest_; }

    /// @brief Calls a function with users in the order of their ids.
    ///
    /// @param from the id behind which to begin, whether or not there is such a user; none for the first one
    /// @param limit the most users to call it with
    /// @param visit takes the id and the attributes of a user
    void forEachAfter(const std::optional<UserId>& from, size_t limit,
                      const std::function<void(const UserId&, const AttributeSet&)>& visit) const;

    /// @brief Calls a function with each user whose note is one of some, in no order.
    ///
    /// @param is_one tells of a note whether it is one of them
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
    std::shared_ptr<const UserTable> overlay_; // null when it is empty
    IdPatterns patterns_;                      // of both
    // Found once, as the query of each unregistered client asks for one.
    std::array<const UserAttributes*, UserId::TYPES> defaults_{};
    UserTable::Sizes sizes_{};
    size_t size_ = 0;
    Digest digest_;
};

/// @brief The users in force. Any thread may ask for them, and waits for nobody; what changes them may be
/// called from any thread, one after the other.
class Registry {
public:
    /// @brief From how many changes on they are folded into a new base.
    static constexpr size_t MOST_CHANGES = 4096;

    Registry() = default;

    /// @brief The users of now.
    std::shared_ptr<const Users> users() const { return users_.get(); }

    /// @brief Finds the attributes of a user.
    ///
    /// @return the attributes, which stay as they are for as long as the caller holds them; a null pointer
    /// when there is no such user.
    std::shared_ptr<const UserAttributes> find(const UserId& id) const;

    /// @brief Finds the attributes of the default user of a type, see find().
    std::shared_ptr<const UserAttributes> defaultUser(UserId::UserIdType type) const;

    /// @brief A record that matches a client, see Users::match().
    struct Match {
        std::shared_ptr<const UserAttributes> attributes; ///< a null pointer when there is none
        MatchedBy by;                                     ///< by which id it matches
    };

    /// @brief Finds the record of a client.
    ///
    /// @return the attributes stay as they are for as long as the caller holds them.
    Match match(const UserId& id) const;

    /// @brief The number of users.
    size_t size() const { return users()->size(); }

    /// @brief A text that is the same for two registries with the same users: the same ids, of the same
    /// types, with the same attributes.
    std::string revision() const { return users()->digest().text(); }

    /// @brief Replaces all users by those of a table that is sealed.
    void replace(std::shared_ptr<const UserTable> table);

    /// @brief Changes users, see Users::with().
    void apply(const UserTable& changes);

    /// @brief True when there are more changes over the base than a number.
    bool wantsFolding(size_t most_changes = MOST_CHANGES) const { return users()->changes() > most_changes; }

    /// @brief Makes one table of the base and the changes, beside whatever changes them meanwhile. Nobody
    /// waits for this.
    void fold();

private:
    Published<Users> users_{std::make_shared<Users>()};
    std::mutex change_; // one change at a time; readers do not take it
};

} // namespace user_chk

#endif // USER_CHK_REGISTRY_REGISTRY_H
