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

/// @brief Thrown when a user has another version than the one to be replaced.
class VersionConflict : public isc::Exception {
public:
    using isc::Exception::Exception;
};

/// @brief Changes users in a source, durably: what a function reports as done survives a crash.
///
/// Any number of threads and processes may do this at once, and others may change the source meanwhile. The
/// source is followed before each change, so the change builds on what others have changed, and never on a
/// bad source.
///
/// All three functions throw UserDataSourceError `FILE: REASON` or `FILE:LINE: REASON` when the source cannot
/// be read, is bad, or cannot be changed, and when others keep it busy for too long.
class RegistryEditor {
public:
    /// @brief How long one function waits for others in total: for other threads, for other processes, and
    /// for another attempt when they have changed the source. The thread that receives queries may execute a
    /// command.
    static constexpr std::chrono::milliseconds PATIENCE{200};

    /// @brief How long one function waits for a slow source.
    static constexpr std::chrono::seconds SLOW_PATIENCE{2};

    /// @brief Returns how long one function waits for a source.
    static std::chrono::milliseconds patienceWith(const Source& source) {
        return source.isSlow() ? std::chrono::milliseconds(SLOW_PATIENCE) : PATIENCE;
    }

    /// @brief Takes a report on following the source.
    typedef std::function<void(const LoadReport&)> Tell;

    /// @brief Creates an editor, without looking at the source.
    ///
    /// @param follower the follower of the source; must outlive this object
    /// @param reader parses the attributes, to reject bad ones; may be empty
    /// @param tell takes reports on following the source
    /// @param patience how long one function waits
    RegistryEditor(Follower& follower, AttributeReader reader, Tell tell, std::chrono::milliseconds patience);

    /// @brief Same as above, with the usual patience.
    RegistryEditor(Follower& follower, AttributeReader reader, Tell tell)
        : RegistryEditor(follower, std::move(reader), std::move(tell), patienceWith(follower.source())) {}

    /// @brief Returns remarks for the operator on a user that is to be added, or to replace another one.
    ///
    /// @throw isc::BadValue as add() does.
    std::vector<std::string> remarksOn(const User& user) const;

    /// @brief Adds a user; in a file, as a new last line.
    ///
    /// @return false when there is already a user with one of its ids; nothing has changed then.
    /// @throw isc::BadValue `invalid user: REASON` when an attribute is bad or the line would be too long.
    bool add(const User& user);

    /// @brief Replaces the attributes of a user.
    ///
    /// @param user the user, with any of its ids; the main id stays the same
    /// @param version the version that the user must have, 0 for any
    /// @return false when there is no user with this id; nothing has changed then.
    /// @throw isc::BadValue as add() does, when another user has one of the ids, and when the source has no
    /// versions.
    /// @throw VersionConflict when the user has another version; nothing has changed then.
    bool update(const User& user, uint64_t version = 0);

    /// @brief Removes a user.
    ///
    /// @param id any id of the user
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

    std::mutex mutex_; // guards what follows; not held while a thread edits
    std::condition_variable edited_;
    uint64_t threads_ = 0;      // number of threads so far
    std::deque<uint64_t> line_; // the waiting threads, behind the one that edits
    Patience::Clock::time_point last_turn_;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_REGISTRY_EDITOR_H
