// SPDX-License-Identifier: MPL-2.0
// Declares how lines of a registry file become users: all of them, or those that have changed.

#ifndef USER_CHK_SOURCE_RECORD_LOADER_H
#define USER_CHK_SOURCE_RECORD_LOADER_H

#include <registry/registry.h>
#include <registry/user_attributes.h>
#include <source/file_blocks.h>
#include <system/file_descriptor.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace user_chk {

/// @brief A registry file that was read.
struct FileOfRecords {
    const std::string& path;      ///< its name, for messages
    const FileDescriptor& file;   ///< it, open for reading
    const Comparison& comparison; ///< what it holds, and what of that is new
};

/// @brief How records are read.
struct RecordRules {
    AttributeReader reader; ///< reads the meaning of attributes; may be empty
    bool skips = false;     ///< whether a bad record is left out, and is no error
    RemarkTaker remarks{};  ///< takes every remark; may be empty
};

/// @brief A line that was left out.
struct BadLine {
    size_t line;              ///< its number
    uint32_t block;           ///< the number of the block that it is in
    Fingerprint text;         ///< what it says
    std::string reason;       ///< why it is bad
    std::optional<UserId> id; ///< whose it is, if it tells
};

/// @brief A line of a user who has more of them.
struct RepeatedLine {
    UserId id;      ///< the user, or an other id in the line
    uint32_t block; ///< the number of the block that it is in
};

/// @brief The lines that are not one good record of one user. There are none but where bad records are
/// skipped.
struct OddLines {
    std::vector<BadLine> bad;           ///< those that were left out, in the order of their numbers
    std::vector<RepeatedLine> repeated; ///< all lines of users who have several, bad ones among them
};

/// @brief What lines came to.
struct LoadedRecords {
    std::shared_ptr<UserTable> users; ///< the users, or the changes; sealed
    OddLines odd;                     ///< those of the lines that were read which are odd
};

/// @brief Reads all users; everything in the file must be new.
///
/// Where bad records are skipped, a user whose record is bad keeps what is in force, if the line tells its
/// id, and is left out if nothing is. A user who has several lines is one if they say the same; otherwise all
/// of them are bad.
///
/// @param of the file
/// @param rules how its records are read
/// @param in_force the users in force
/// @throw UserFileError `FILE:LINE: REASON` for the first bad record, unless they are skipped, and for a line
/// that is no text.
LoadedRecords loadAll(const FileOfRecords& of, const RecordRules& rules, const Users& in_force);

/// @brief Reads the users whose lines are new, and marks those whose lines are gone.
///
/// @param of the file
/// @param rules how its records are read
/// @param in_force the users of the file as it was known
/// @param known the odd lines of the file as it was known
/// @return nothing where something has changed about a user who has several lines, and bad records are
/// skipped: all must be read then.
/// @throw UserFileError as loadAll() does.
std::optional<LoadedRecords> loadChanges(const FileOfRecords& of, const RecordRules& rules,
                                         const Users& in_force, const OddLines& known);

/// @brief The number of the line of the record that has an id, 0 when it is not found.
///
/// @param of the file
/// @param block the number of the block that the line is in
/// @param id the id, the main or an other one
/// @param but the number of a line that is passed over, 0 for none
size_t lineOf(const FileOfRecords& of, uint32_t block, const UserId& id, size_t but = 0);

} // namespace user_chk

#endif // USER_CHK_SOURCE_RECORD_LOADER_H
