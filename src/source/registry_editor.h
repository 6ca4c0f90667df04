// SPDX-License-Identifier: MPL-2.0
// Defines RegistryEditor, which adds, changes and removes users in a registry file.

#ifndef USER_CHK_SOURCE_REGISTRY_EDITOR_H
#define USER_CHK_SOURCE_REGISTRY_EDITOR_H

#include <registry/user_attributes.h>
#include <system/patience.h>
#include <system/replaceable_text.h>
#include <user.h>

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
#include <vector>

namespace user_chk {

/// @brief Changes users in a registry file, for good: what a function reports as done survives a crash.
///
/// One line is written, replaced or taken out; all other bytes stay as they are. The file is replaced by a
/// new one with the same owner, group and mode (see ReplaceableFile), so readers see the old registry or the
/// new one. Any number of threads and processes may do this at once, and others may write to the file or
/// replace it meanwhile: nobody's change is lost, but for what ReplaceableFile says. Whoever holds a registry
/// in memory has to follow the file by himself.
///
/// All three functions throw UserDataSourceError `FILE: REASON` or `FILE:LINE: REASON` when the file cannot
/// be read, holds something that is no user, or cannot be replaced, and when others are at work with it for
/// too long. The file is then as it was, but for what ReplaceableFile::replace() says.
class RegistryEditor {
public:
    /// @brief Tells where a user stands in a content that is known to be good: the line, 0 for nowhere;
    /// nothing when it is not known.
    typedef std::function<std::optional<size_t>(const std::string& text, const UserId& id)> Lookup;

    /// @brief How long one function waits for others, all its waits together: for other threads, for other
    /// processes, and for its next chance when they have changed the file. A command may be executed by the
    /// thread that receives queries.
    static constexpr std::chrono::milliseconds PATIENCE{200};

    /// @brief Looks at nothing yet.
    ///
    /// @param path the registry file; a symbolic link stays, what it leads to is replaced
    /// @param reader reads the meaning of attributes, to refuse bad ones; may be empty
    /// @param lookup spares the reading of a content that is known; may be empty
    /// @param patience with others
    explicit RegistryEditor(std::string path, AttributeReader reader = AttributeReader(),
                            Lookup lookup = Lookup(), std::chrono::milliseconds patience = PATIENCE);

    /// @brief What the operator should know of a user, if it is added or replaces another.
    ///
    /// @throw isc::BadValue as add() does.
    std::vector<std::string> remarksOn(const User& user) const;

    /// @brief Adds a user, in a line at the end.
    ///
    /// @return false when there is a user with this id; nothing has changed then.
    /// @throw isc::BadValue `invalid user: REASON` when an attribute is bad or the line gets too long.
    bool add(const User& user);

    /// @brief Replaces the line of a user.
    ///
    /// @return false when there is no user with this id; nothing has changed then.
    /// @throw isc::BadValue as add() does.
    bool update(const User& user);

    /// @brief Takes out the line of a user.
    ///
    /// @return false when there is no user with this id; nothing has changed then.
    bool remove(const UserId& id);

private:
    // What the new content is, given the old one and the line of the user, 0 for none; nothing for no change.
    typedef std::function<std::optional<std::string>(const std::string& text, size_t line)> Change;

    std::shared_ptr<void> takeTurn(const Patience& patience);
    bool edit(const UserId& id, const Change& change);
    std::optional<ReplaceableFile::Outcome> tryToEdit(const UserId& id, const Change& change,
                                                      const Patience& patience) const;
    std::string lineFor(const User& user) const;
    size_t lineOf(const UserId& id, const std::string& text) const;

    const std::string path_;
    const AttributeReader reader_;
    const Lookup lookup_;

    const std::chrono::milliseconds patience_;

    std::mutex mutex_; // guards what follows, not held while a thread edits
    std::condition_variable edited_;
    uint64_t threads_ = 0;      // that have come
    std::deque<uint64_t> line_; // of those who wait, after the one that edits
    Patience::Clock::time_point last_turn_;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_REGISTRY_EDITOR_H
