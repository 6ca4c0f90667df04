// SPDX-License-Identifier: MPL-2.0
// Defines LastGoodCopy, which saves the users in force to disk for times when their source is missing or bad.

#ifndef USER_CHK_SOURCE_LAST_GOOD_COPY_H
#define USER_CHK_SOURCE_LAST_GOOD_COPY_H

#include <registry/registry.h>
#include <registry/user_attributes.h>
#include <registry/user_table.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

namespace user_chk {

/// @brief Thrown with `FILE: REASON` or `FILE:LINE: REASON` when a copy cannot be written, or cannot be used.
class CopyError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// @brief A file with the users that were in force, as lines of a registry file, in the order of their ids.
///
/// Its first line is a comment with the users' source, the time of writing, the revision and the number of
/// users. So a copy of another source, or one that is damaged or truncated, is not mistaken for a good one.
///
/// Any number of processes may write and read one copy: the path always names the previous copy or the new
/// one, even after a crash. A killed process may leave `.NAME.user-chk-new`, which the next one removes.
/// Neither file is accessed through a symbolic link, since in a directory where others may create files, the
/// link could be theirs.
class LastGoodCopy {
public:
    /// @brief Prepares for a copy, without accessing it.
    ///
    /// @param path the file
    /// @param source the source of the users, such as `file /etc/kea/users`
    LastGoodCopy(std::string path, const std::string& source);

    /// @brief Puts a copy of users in place. It is durable when this returns.
    ///
    /// @param users the users
    /// @param cursor the point from which their source can report later changes, see Source::cursor(); with a
    /// cursor, the copy has the versions of the users too
    /// @throw CopyError on failure. The previous copy is then still in place, unless the message says that
    /// the copy "has been replaced".
    void write(const Users& users, const std::string& cursor = std::string()) const;

    /// @brief The content of a copy.
    struct Content {
        std::shared_ptr<const UserTable> users;          ///< the users, sealed
        std::chrono::system_clock::time_point written{}; ///< the time of writing
        std::string cursor{};                            ///< the cursor that write() was given
    };

    /// @brief Reads the copy.
    ///
    /// @param reader parses the attributes; may be empty
    /// @throw CopyError when there is no copy, or it cannot be used.
    Content read(const AttributeReader& reader) const;

    /// @brief The name of the file.
    const std::string& path() const { return path_; }

private:
    const std::string path_;
    const std::string source_; // without control characters
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_LAST_GOOD_COPY_H
