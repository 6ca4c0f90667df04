// SPDX-License-Identifier: MPL-2.0
// Defines RegistryEditor, which adds, changes and removes users in a source.

#ifndef USER_CHK_SOURCE_REGISTRY_EDITOR_H
#define USER_CHK_SOURCE_REGISTRY_EDITOR_H

#include <registry/user_attributes.h>
#include <source/follower.h>
#include <system/patience.h>
#include <user.h>

#include <exceptions/exceptions.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace user_chk {

/// @brief Thrown when a user has another version than the one that was to be replaced.
class VersionConflict : public isc::Exception {
public:
    using isc::Exception::Exception;
};

/// @brief Changes users in a source, for good: what a function reports as done survives a crash.
///
/// Any number of threads and processes may do this at once, and others may change the source meanwhile.
/// Before a change the source is followed, so it is made on top of what others have changed, and of nothing
/// that is bad.
///
/// All three functions throw UserDataSourceError `FILE: REASON` or `FILE:LINE: REASON` when the source cannot
/// be read, is bad, or cannot be changed, and when others are at work with it for too long.
class RegistryEditor {
public:
    /// @brief How long one function waits for others, all its waits together: for other threads, for other
    /// processes, and for its next chance when they have changed the source. A command may be executed by the
    /// thread that receives queries.
    static constexpr std::chrono::milliseconds PATIENCE{200};

    /// @brief How long one function waits for a slow source.
    static constexpr std::chrono::seconds SLOW_PATIENCE{2};

    /// @brief How long one function waits for a source.
    static std::chrono::milliseconds patienceWith(const Source& source) {
        return source.isSlow() ? std::chrono::milliseconds(SLOW_PATIENCE) : PATIENCE;
    }

    /// @brief Takes what following the source came to.
    typedef std::function<void(const LoadReport&)> Tell;

    /// @brief Looks at nothing yet.
    ///
    /// @param follower of the source; must outlive this
    /// @param reader reads the meaning of attributes, to refuse bad ones; may be empty
    /// @param tell takes what following the source came to
    /// @param patience how long one function waits
    RegistryEditor(Follower& follower, AttributeReader reader, Tell tell, std::chrono::milliseconds patience);

    /// @brief The same with the usual patience.
    RegistryEditor(Follower& follower, AttributeReader reader, Tell tell)
        : RegistryEditor(follower, std::move(reader), std::move(tell), patienceWith(follower.source())) {}

    /// @brief What the operator should know of a user, if it is added or replaces another.
    ///
    /// @throw isc::BadValue as add() does.
    std::vector<std::string> remarksOn(const User& user) const;

    /// @brief Adds a user; to a file, in a line at the end.
    ///
    /// @return false when there is a user with one of its ids; nothing has changed then.
    /// @throw isc::BadValue `invalid user: REASON` when an attribute is bad or the line gets too long.
    bool add(const User& user);

    /// @brief Replaces what is known of a user.
    ///
    /// @param user the user, by any of its ids; the main one stays what it is
    /// @param version that the user must have until then, 0 for any
    /// @return false when there is no user with this id; nothing has changed then.
    /// @throw isc::BadValue as add() does, where another user has one of its ids, and where the source has no
    /// versions.
    /// @throw VersionConflict when the user has another version; nothing has changed then.
    bool update(const User& user, uint64_t version = 0);

    /// @brief Takes a user out.
    ///
    /// @param id any of the user's
    /// @return false when there is no user with this id; nothing has changed then.
    bool remove(const UserId& id);

private:
    std::shared_ptr<void> takeTurn(const Patience& patience);
    bool edit(const Edit& edit);
    bool editSlow(const Edit& edit);
    Edit editOf(Edit::What what, const User& user, uint64_t version) const;
    UserId mainIdOf(const UserId& id) const;
    std::string lineFor(const User& user) const;

    Follower& follower_;
    const AttributeReader reader_;
    const Tell tell_;
    const std::chrono::milliseconds patience_;

    std::mutex mutex_; // guards what follows, not held while a thread edits
    std::condition_variable edited_;
    uint64_t threads_ = 0;      // that have come
    std::deque<uint64_t> line_; // of those who wait, after the one that edits
    Patience::Clock::time_point last_turn_;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_REGISTRY_EDITOR_H
