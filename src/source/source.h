// SPDX-License-Identifier: MPL-2.0
// Defines Source, a place where users are kept, and what it has to tell.

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

/// @brief A record that is left out, where bad records are skipped.
struct BadRecord {
    std::string place;  ///< where it is: `FILE:LINE`
    std::string reason; ///< why it is bad
};

/// @brief What a source has to tell, when it has changed.
struct News {
    /// @brief What it is.
    enum class What {
        NOTHING,    ///< the source holds what is in force
        CHANGES,    ///< some users have changed
        EVERYTHING, ///< all users, anew
        FAILURE     ///< the source is missing or bad; what was in force stays so
    };

    /// @brief What it is.
    What what = What::FAILURE;

    /// @brief The changes, or all users; null for a failure.
    std::shared_ptr<const UserTable> users;

    /// @brief What the operator should know of users that are new or changed.
    std::vector<Remark> remarks;

    /// @brief Bad records that were not there before, and were left out. As many as an operator may want to
    /// read of.
    std::vector<BadRecord> skipped;

    /// @brief How many bad records were not there before.
    size_t skipped_now = 0;

    /// @brief Why it failed: `FILE: REASON` or `FILE:LINE: REASON`.
    std::string error;

    /// @brief How long the source was away before, where that was told.
    std::chrono::seconds away{0};

    /// @brief Whether it holds another history than before: a backup, or what a failover has left.
    bool other_history = false;
};

/// @brief A change of one user, for good.
struct Edit {
    /// @brief What to do.
    enum class What { ADD, UPDATE, REMOVE };

    What what;        ///< what to do
    UserId id;        ///< the user
    std::string line; ///< what is to be known of it, as a line of a registry file without its end

    /// @brief Of an update: the version that the user must have, 0 for any.
    uint64_t version = 0;

    /// @brief The other ids that the user is to have.
    std::vector<UserId> others{};
};

/// @brief The id of the record that an edit would take an id from: where it adds a user, of one that has any
/// of its ids; else, of another one that has one of its other ids.
///
/// @param edit the edit
/// @param users those that the source has
/// @return nothing when all ids are free.
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

/// @brief What a change came to.
enum class Edited {
    DONE,          ///< it is made, and will be after a crash
    EXISTS,        ///< nothing: there is such a user already
    ABSENT,        ///< nothing: there is no such user
    TAKEN,         ///< nothing: another user has one of the ids
    OTHER_VERSION, ///< nothing: the user has another version
    CHANGED,       ///< nothing: the source has changed meanwhile
    OVERTAKEN      ///< it was made, and then somebody has changed the source
};

/// @brief How it stands with the database of a source.
struct DatabaseState {
    bool connected = false;                                    ///< whether it answered when it was asked last
    bool loading = false;                                      ///< whether all users are being read
    std::string host;                                          ///< the host that answered last
    bool standby = false;                                      ///< whether that is a standby
    bool listening = false;                                    ///< whether it tells of changes by itself
    std::string schema;                                        ///< the version of its schema
    std::chrono::system_clock::time_point since{};             ///< since when it is connected, or away
    std::optional<std::chrono::system_clock::time_point> told; ///< when it answered last
    std::chrono::seconds age{0};                               ///< how long ago that was
    size_t connections = 0;                                    ///< how often it was connected to
    std::string error;                                         ///< why it is away
};

/// @brief A place where users are kept. It is asked from one thread at a time, but for isUnchanged() and what
/// only describes it.
class Source {
public:
    virtual ~Source() = default;

    /// @brief True when nothing has changed since poll() looked last. Any thread may ask, in microseconds.
    virtual bool isUnchanged() = 0;

    /// @brief What watches it, a null pointer for nothing.
    virtual const FileWatch* watch() const { return nullptr; }

    /// @brief As isUnchanged(), where the watch was asked already, and has just answered whether it is quiet.
    virtual bool isUnchanged(bool) { return isUnchanged(); }

    /// @brief True for a source that may take seconds to answer. After the first time only the follower's
    /// thread asks it, whenever await() returns.
    virtual bool isSlow() const { return false; }

    /// @brief Of a slow source: waits until it is worth to ask it. To be called by the thread that calls
    /// poll().
    virtual void await() {}

    /// @brief Of a slow source: has one await() end, that which waits or the next one. Any thread may call
    /// it.
    virtual void wake() {}

    /// @brief Of a slow source: has poll() and await() end soon, now and from now on. Any thread may call it.
    virtual void stop() {}

    /// @brief Takes what is new of a source.
    typedef std::function<void(News&&)> Taker;

    /// @brief Looks what is new. It may block, and throws nothing for what is wrong with the source.
    ///
    /// @param in_force the users in force, of which the last success has told
    /// @param take is called with what is new, before isUnchanged() can be true again
    virtual void poll(const Users& in_force, const Taker& take) = 0;

    /// @brief Has the next poll() read everything, whether or not it has changed: attributes may mean
    /// something else than before.
    virtual void forget() = 0;

    /// @brief Changes a user. The next poll() tells of it, as of any change; of a slow source one has already
    /// when this returns. Any thread may ask a slow source for it.
    ///
    /// @param edit what to change
    /// @param in_force what poll() keeps true to this source
    /// @param patience with others who change the source at the same time, or with a slow source
    /// @throw UserDataSourceError when that is not possible; the source is then what it was, unless the
    /// reason says otherwise.
    virtual Edited edit(const Edit& edit, const Registry& in_force, const Patience& patience) = 0;

    /// @brief True where the number that is kept with each user is the version of its record.
    virtual bool hasVersions() const { return false; }

    /// @brief What is not as it should be with the source's rights, empty when there is nothing to say.
    virtual std::string exposure() const = 0;

    /// @brief The bad records that are left out: how many, and the first of them.
    struct Skipped {
        size_t count = 0;             ///< how many
        std::vector<BadRecord> first; ///< the first of them
    };

    /// @brief The bad records that are left out now.
    virtual Skipped skipped() const = 0;

    /// @brief Where the source can tell later what has changed since now, a text that stands for this; else
    /// an empty one. Users that are in force afterwards are not older. Any thread may ask.
    virtual std::string cursor() const { return std::string(); }

    /// @brief Goes on from a cursor, with the users that were in force then. To be called before poll().
    virtual void resume(const std::string&) {}

    /// @brief How it stands with its database, if that is where it keeps users. Any thread may ask.
    virtual std::optional<DatabaseState> database() const { return std::nullopt; }

    /// @brief What to call it in messages.
    virtual const std::string& name() const = 0;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_SOURCE_H
