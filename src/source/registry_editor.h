// SPDX-License-Identifier: MPL-2.0
// Defines RegistryEditor, which adds, changes and removes users in a registry file.

#ifndef USER_CHK_SOURCE_REGISTRY_EDITOR_H
#define USER_CHK_SOURCE_REGISTRY_EDITOR_H

#include <registry/user_attributes.h>
#include <system/replaceable_file.h>
#include <user.h>

#include <condition_variable>
#include <cstddef>
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
/// replace it meanwhile: nobody's change is lost. Whoever holds a registry in memory has to follow the file
/// by himself.
///
/// All three functions throw UserDataSourceError `FILE: REASON` or `FILE:LINE: REASON` when the file cannot
/// be read, holds something that is no user, or cannot be replaced. The file is then as it was, but for what
/// ReplaceableFile::replaceBy() says.
class RegistryEditor {
public:
    /// @brief Tells where a user stands in a content that is known to be good: the line, 0 for nowhere;
    /// nothing when it is not known.
    typedef std::function<std::optional<size_t>(const std::string& text, const UserId& id)> Lookup;

    /// @brief Looks at nothing yet.
    ///
    /// @param path the registry file; a symbolic link stays, what it leads to is replaced
    /// @param reader reads the meaning of attributes, to refuse bad ones; may be empty
    /// @param lookup spares the reading of a content that is known; may be empty
    explicit RegistryEditor(std::string path, AttributeReader reader = AttributeReader(),
                            Lookup lookup = Lookup());

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

    std::shared_ptr<void> takeTurn();
    bool edit(const UserId& id, const Change& change);
    std::optional<ReplaceableFile::Outcome> tryToEdit(const UserId& id, const Change& change,
                                                      bool waits) const;
    std::string lineFor(const User& user) const;
    size_t lineOf(const UserId& id, const std::string& text) const;

    const std::string path_;
    const AttributeReader reader_;
    const Lookup lookup_;

    std::mutex mutex_; // guards editing_, not held while a thread edits
    std::condition_variable edited_;
    bool editing_ = false;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_REGISTRY_EDITOR_H
