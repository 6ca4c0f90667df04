// SPDX-License-Identifier: MPL-2.0
// Defines LastGoodCopy, which keeps the users in force on disk for when their source is missing or bad.

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

/// @brief Thrown with `FILE: REASON` or `FILE:LINE: REASON` when a copy cannot be written, or is not to be
/// used.
class CopyError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// @brief A file with the users who were in force, as lines of a registry file, in the order of their ids.
///
/// Its first line, a comment, says of what source they are, when they were written, at which revision, and
/// how many. So a copy of another source, or one that is damaged or cut short, is not taken for a good one.
///
/// Any number of processes may write and read one copy: the path always names the copy of before or the new
/// one, also after a crash. A process that is killed may leave `.NAME.user-chk-new` beside it, which the next
/// one removes. Neither a copy nor that is reached through a symbolic link: where others may make files, the
/// link could be theirs.
class LastGoodCopy {
public:
    /// @brief Touches nothing yet.
    ///
    /// @param path the file
    /// @param source what the users are of, such as `file /etc/kea/users`
    LastGoodCopy(std::string path, const std::string& source);

    /// @brief Puts a copy of users in place. It is durable when this returns.
    ///
    /// @param users the users
    /// @param cursor from where their source can tell what has changed since, see Source::cursor(); with one
    /// the copy keeps the versions of the users too
    /// @throw CopyError when that is not possible. What was in place is so still, but where the reason says
    /// that the copy "has been replaced".
    void write(const Users& users, const std::string& cursor = std::string()) const;

    /// @brief A copy that was read.
    struct Content {
        std::shared_ptr<const UserTable> users;          ///< the users, sealed
        std::chrono::system_clock::time_point written{}; ///< when it was written
        std::string cursor{};                            ///< what write() was given
    };

    /// @brief Reads the copy.
    ///
    /// @param reader reads the meaning of attributes; may be empty
    /// @throw CopyError when there is none, or it is not to be used.
    Content read(const AttributeReader& reader) const;

    /// @brief The name of the file.
    const std::string& path() const { return path_; }

private:
    const std::string path_;
    const std::string source_; // without control characters
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_LAST_GOOD_COPY_H
