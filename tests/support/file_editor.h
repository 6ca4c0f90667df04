// SPDX-License-Identifier: MPL-2.0
// Creates an editor of a registry file.

#ifndef USER_CHK_TESTS_SUPPORT_FILE_EDITOR_H
#define USER_CHK_TESTS_SUPPORT_FILE_EDITOR_H

#include <source/file_source.h>
#include <source/follower.h>
#include <source/registry_editor.h>

#include <chrono>
#include <memory>
#include <string>

namespace user_chk::test {

/// @brief Follows a file, and edits it.
class FileEditor : private Follower, public RegistryEditor {
public:
    /// @brief Creates an editor of a file that need not exist yet.
    ///
    /// @param path the file
    /// @param reader parses the attributes; may be empty
    /// @param patience how long to wait for others
    /// @param block_length the target length of the blocks by which contents are compared
    explicit FileEditor(const std::string& path, const AttributeReader& reader = AttributeReader(),
                        std::chrono::milliseconds patience = PATIENCE,
                        size_t block_length = Block::USUAL_LENGTH)
        : Follower(std::make_unique<FileSource>(path, RecordRules{reader}, block_length),
                   Fallback{nullptr, true}),
          RegistryEditor(
              static_cast<Follower&>(*this), reader, [](const LoadReport&) {}, patience) {}
};

} // namespace user_chk::test

#endif // USER_CHK_TESTS_SUPPORT_FILE_EDITOR_H
