// SPDX-License-Identifier: MPL-2.0
// Defines FileEdit, which copies a registry file with one line changed.

#ifndef USER_CHK_SOURCE_FILE_EDIT_H
#define USER_CHK_SOURCE_FILE_EDIT_H

#include <source/file_blocks.h>
#include <source/source.h>
#include <system/file_descriptor.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk {

/// @brief One change of a registry file whose blocks are known. All other bytes stay the same. For a single
/// use by one thread.
class FileEdit {
public:
    /// @brief Prepares a change, without reading anything.
    ///
    /// @param blocks the blocks of the file; must outlive this object
    /// @param edit the change; must outlive this object
    /// @param block the number of the block that has the user's line, none to add a line
    FileEdit(const std::vector<Block>& blocks, const Edit& edit, std::optional<uint32_t> block)
        : blocks_(blocks), edit_(edit), block_(block) {}

    /// @brief Writes the changed file. Only one block of it is in memory at a time.
    ///
    /// @param from the file
    /// @param to the new file, empty
    /// @return 0, or an error number: ECANCELED when the file does not match the blocks.
    int write(const FileDescriptor& from, const FileDescriptor& to);

    /// @brief True when write() found that the file does not match the blocks.
    bool differs() const { return differs_; }

    /// @brief Reads the file again.
    ///
    /// @return true when it still matches the blocks.
    bool isUnchanged(const FileDescriptor& from) const;

private:
    typedef std::function<int(std::string& text, size_t index)> Take;

    int forEachBlock(const FileDescriptor& from, const Take& take) const;
    bool change(std::string& text, size_t index);

    const std::vector<Block>& blocks_;
    const Edit& edit_;
    const std::optional<uint32_t> block_;
    std::string line_end_ = "\n"; // of the last whole line that was read
    bool differs_ = false;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_FILE_EDIT_H
