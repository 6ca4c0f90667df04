// SPDX-License-Identifier: MPL-2.0
// Loads the users of a registry file: all of them, or those that have changed.

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
    const FileDescriptor& file;   ///< the file, open for reading
    const Comparison& comparison; ///< its content, and what of that is new
};

/// @brief How records are read.
struct RecordRules {
    AttributeReader reader; ///< parses the attributes; may be empty
    bool skips = false;     ///< whether bad records are skipped instead of rejected
    RemarkTaker remarks{};  ///< receives every remark; may be empty
};

/// @brief A line that was skipped.
struct BadLine {
    size_t line;              ///< the line number
    uint32_t block;           ///< the number of the block that has the line
    Fingerprint text;         ///< of the text
    std::string reason;       ///< why it is bad
    std::optional<UserId> id; ///< the user's id, if the line tells it
};

/// @brief One of several lines with the same user.
struct RepeatedLine {
    UserId id;      ///< the user, or an other id in the line
    uint32_t block; ///< the number of the block that has the line
};

/// @brief The lines that are not one good record of one user. There are such lines only when bad records are
/// skipped.
struct OddLines {
    std::vector<BadLine> bad;           ///< the lines that were skipped, in order
    std::vector<RepeatedLine> repeated; ///< all lines, including bad ones, of users that have several
};

/// @brief The result of loading lines.
struct LoadedRecords {
    std::shared_ptr<UserTable> users; ///< the users, or the changes; sealed
    OddLines odd;                     ///< the odd ones among the lines that were read
};

/// @brief Reads all users. Everything in the file must be new.
///
/// When bad records are skipped, a user with a bad record keeps the record in force, if the line tells its
/// id; without one in force, the user is left out. If a user has several lines that all say the same, they
/// count as one; otherwise all of them are bad.
///
/// @param of the file
/// @param rules how its records are read
/// @param in_force the users in force
/// @throw UserFileError `FILE:LINE: REASON` for the first bad record, unless bad records are skipped, and for
/// a line that is not text.
LoadedRecords loadAll(const FileOfRecords& of, const RecordRules& rules, const Users& in_force);

/// @brief Reads the users whose lines are new, and marks those whose lines are gone.
///
/// @param of the file
/// @param rules how its records are read
/// @param in_force the users of the file as it was before
/// @param known the odd lines of the file as it was before
/// @return none when bad records are skipped and a user with several lines is affected: then everything must
/// be read.
/// @throw UserFileError as loadAll() does.
std::optional<LoadedRecords> loadChanges(const FileOfRecords& of, const RecordRules& rules,
                                         const Users& in_force, const OddLines& known);

/// @brief Returns the line number of the record with an id, 0 when it is not found.
///
/// @param of the file
/// @param block the number of the block that has the line
/// @param id the id, the main or an other one
/// @param but the number of a line to ignore, 0 for none
size_t lineOf(const FileOfRecords& of, uint32_t block, const UserId& id, size_t but = 0);

} // namespace user_chk

#endif // USER_CHK_SOURCE_RECORD_LOADER_H
