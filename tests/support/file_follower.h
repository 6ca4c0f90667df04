// SPDX-License-Identifier: MPL-2.0
// Creates a follower of a registry file.

#ifndef USER_CHK_TESTS_SUPPORT_FILE_FOLLOWER_H
#define USER_CHK_TESTS_SUPPORT_FILE_FOLLOWER_H

#include <source/file_source.h>
#include <source/follower.h>

#include <memory>
#include <string>
#include <utility>

namespace user_chk::test {

/// @brief Keeps a registry up to date with a file.
class FileFollower : public Follower {
public:
    /// @brief Loads the file.
    ///
    /// @param path the file
    /// @param reader parses the attributes; may be empty
    /// @param skips whether bad records are skipped
    /// @param block_length the target length of the blocks by which contents are compared
    /// @param most_changes the number of changes above which they are folded into a new base
    explicit FileFollower(const std::string& path, AttributeReader reader = AttributeReader(),
                          bool skips = false, size_t block_length = Block::USUAL_LENGTH,
                          size_t most_changes = Registry::MOST_CHANGES)
        : Follower(std::make_unique<FileSource>(path, RecordRules{std::move(reader), skips}, block_length),
                   Fallback(), most_changes) {}
};

/// @brief Returns the value of an attribute, empty when there is none with this name.
inline std::string valueOf(const std::shared_ptr<const UserAttributes>& attributes, const std::string& name) {
    const auto found = attributes->properties.find(name);
    return found != attributes->properties.end() ? found->second : std::string();
}

} // namespace user_chk::test

#endif // USER_CHK_TESTS_SUPPORT_FILE_FOLLOWER_H
