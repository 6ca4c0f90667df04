// SPDX-License-Identifier: MPL-2.0
// Defines Source, from which users are read, and what it reports.

#ifndef USER_CHK_SOURCE_SOURCE_H
#define USER_CHK_SOURCE_SOURCE_H

#include <registry/registry.h>
#include <registry/user_table.h>
#include <system/file_watch.h>
#include <system/patience.h>
#include <user.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace user_chk {

/// @brief A bad record that was skipped.
struct BadRecord {
    std::string place;  ///< where it is: `FILE:LINE`
    std::string reason; ///< why it is bad
};

/// @brief What a source reports when it has changed.
struct News {
    /// @brief The kind of news.
    enum class What {
        NOTHING,    ///< the source has what is in force
        CHANGES,    ///< some users have changed
        EVERYTHING, ///< all users, read anew
        FAILURE     ///< the source is missing or bad; the users in force stay
    };

    /// @brief The kind of news.
    What what = What::FAILURE;

    /// @brief The changes, or all users; null after a failure.
    std::shared_ptr<const UserTable> users;

    /// @brief Remarks for the operator on users that are new or changed.
    std::vector<Remark> remarks;

    /// @brief Bad records that are new and were skipped. Only the first ones, as many as an operator may want
    /// to read.
    std::vector<BadRecord> skipped;

    /// @brief The number of bad records that are new.
    size_t skipped_now = 0;

    /// @brief Why it failed: `FILE: REASON` or `FILE:LINE: REASON`.
    std::string error;

    /// @brief How long the source was unavailable, if that was reported.
    std::chrono::seconds away{0};

    /// @brief Whether it has another history than before: a restored backup, or the state after a failover.
    bool other_history = false;
};

/// @brief A durable change of one user.
struct Edit {
    /// @brief The kind of change.
    enum class What { ADD, UPDATE, REMOVE };

    What what;        ///< the kind of change
    UserId id;        ///< the user
    std::string line; ///< the user as a line of a registry file, without its line end

    /// @brief For an update: the version that the user must have, 0 for any.
    uint64_t version = 0;

    /// @brief The other ids that the user is to have.
    std::vector<UserId> others{};
};

/// @brief Returns the main id of the record that already has an id needed by an edit. For an addition, that
/// is a record with any of the user's ids; otherwise, another record with one of its other ids.
///
/// @param edit the edit
/// @param users the users of the source
/// @return none when all ids are free.
inline std::optional<UserId> ownerOfTaken(const Edit& edit, const Users& users) {
    for (const UserId& other : edit.others) {
        const auto entry = users.entryOf(other);
        if (entry && !(mainIdOf(other, *entry) == edit.id)) {
            return mainIdOf(other, *entry);
        }
    }
    const auto entry = edit.what == Edit::What::ADD ? users.entryOf(edit.id) : std::nullopt;
    return entry ? std::make_optional(mainIdOf(edit.id, *entry)) : std::nullopt;
}

/// @brief The result of a change.
enum class Edited {
    DONE,          ///< the change is made, and survives a crash
    EXISTS,        ///< nothing changed: there is already such a user
    ABSENT,        ///< nothing changed: there is no such user
    TAKEN,         ///< nothing changed: another user has one of the ids
    OTHER_VERSION, ///< nothing changed: the user has another version
    CHANGED,       ///< nothing changed: the source has changed meanwhile
    OVERTAKEN      ///< the change was made, and then someone changed the source
};

/// @brief The state of a source's database.
struct DatabaseState {
    bool connected = false;                                    ///< whether it answered the last request
    bool loading = false;                                      ///< whether all users are being read
    std::string host;                                          ///< the host that last answered
    bool standby = false;                                      ///< whether that host is a standby
    bool listening = false;                                    ///< whether it sends notifications of changes
    std::string schema;                                        ///< the version of its schema
    std::chrono::system_clock::time_point since{};             ///< since when it is connected or unavailable
    std::optional<std::chrono::system_clock::time_point> told; ///< when it last answered
    std::chrono::seconds age{0};                               ///< how long ago that was
    size_t connections = 0;                                    ///< the number of connections so far
    std::string error;                                         ///< why it is unavailable
};

/// @brief A place where users are stored. Only one thread at a time may use it, except for isUnchanged() and
/// the functions that only describe it.
class Source {
public:
    virtual ~Source() = default;

    /// @brief True when nothing has changed since the last poll(). Any thread may call it; it takes
    /// microseconds.
    virtual bool isUnchanged() = 0;

    /// @brief Returns the watch on the source, a null pointer when there is none.
    virtual const FileWatch* watch() const { return nullptr; }

    /// @brief Like isUnchanged(), for a caller that has just checked whether the watch is quiet.
    virtual bool isUnchanged(bool) { return isUnchanged(); }

    /// @brief True for a source that may take seconds to answer. After the first time, only the follower's
    /// thread polls it, whenever await() returns.
    virtual bool isSlow() const { return false; }

    /// @brief For a slow source: waits until it is time to poll it. Called by the thread that calls poll().
    virtual void await() {}

    /// @brief For a slow source: ends the await() in progress, or else the next one. Any thread may call it.
    virtual void wake() {}

    /// @brief For a slow source: ends all present and future calls of poll() and await() soon. Any thread may
    /// call it.
    virtual void stop() {}

    /// @brief Takes the news of a source.
    typedef std::function<void(News&&)> Taker;

    /// @brief Checks for news. It may block, and does not throw for errors of the source.
    ///
    /// @param in_force the users in force, as of the last success
    /// @param take called with the news, before isUnchanged() can be true again
    virtual void poll(const Users& in_force, const Taker& take) = 0;

    /// @brief Makes the next poll() read everything, whether or not it changed, since attributes may have a
    /// new meaning.
    virtual void forget() = 0;

    /// @brief Changes a user. The next poll() reports it like any change; a slow source has already reported
    /// it when this returns. Any thread may call this for a slow source.
    ///
    /// @param edit the change
    /// @param in_force the registry that poll() keeps up to date with this source
    /// @param patience how long to wait for others that change the source at the same time, or for a slow
    /// source
    /// @throw UserDataSourceError on failure; the source is then unchanged, unless the message says
    /// otherwise.
    virtual Edited edit(const Edit& edit, const Registry& in_force, const Patience& patience) = 0;

    /// @brief True when the number that is stored with each user is the version of its record.
    virtual bool hasVersions() const { return false; }

    /// @brief Returns what is wrong with the permissions of the source, empty for nothing.
    virtual std::string exposure() const = 0;

    /// @brief The bad records that were skipped.
    struct Skipped {
        size_t count = 0;             ///< their number
        std::vector<BadRecord> first; ///< the first of them
    };

    /// @brief Returns the bad records that are currently skipped.
    virtual Skipped skipped() const = 0;

    /// @brief Returns a text for the current point in time, from which the source can later report changes;
    /// empty when it cannot. Users that are in force afterwards are not older than that point. Any thread may
    /// call it.
    virtual std::string cursor() const { return std::string(); }

    /// @brief Continues from a cursor, with the users that were in force then. Call it before poll().
    virtual void resume(const std::string&) {}

    /// @brief Returns the state of the database, if the source is one. Any thread may call it.
    virtual std::optional<DatabaseState> database() const { return std::nullopt; }

    /// @brief Returns the name of the source for messages.
    virtual const std::string& name() const = 0;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_SOURCE_H
