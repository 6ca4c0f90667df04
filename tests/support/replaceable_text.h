// SPDX-License-Identifier: MPL-2.0
// Defines ReplaceableText, a ReplaceableFile whose content is read and written as a whole.

#ifndef USER_CHK_TESTS_SUPPORT_REPLACEABLE_TEXT_H
#define USER_CHK_TESTS_SUPPORT_REPLACEABLE_TEXT_H

#include <system/replaceable_file.h>
#include <system/whole_file.h>

#include <string>
#include <system_error>
#include <utility>

namespace user_chk {

/// @brief A file that is locked, read, and replaced by a new one with another content.
class ReplaceableText {
public:
    /// @brief Locks the file and reads it.
    ///
    /// @throw FileError as ReplaceableFile does, and when it cannot be read.
    ReplaceableText(const std::string& path, const Patience& patience) : file_(path, patience) {
        if (const int error = readWhole(file_.file(), text_)) {
            throw FileError(path + ": " + std::generic_category().message(error));
        }
    }

    /// @brief Returns what was read.
    const std::string& text() const { return text_; }

    /// @brief Puts a new content in place as ReplaceableFile::replace() does, if the old one still has the
    /// same bytes.
    ReplaceableFile::Outcome replaceBy(const std::string& text) const {
        return file_.replace(
            [&text](const FileDescriptor&, const FileDescriptor& to) { return writeWhole(to, text); },
            [this](const FileDescriptor& from) {
                std::string now;
                return readWhole(from, now) == 0 && now == text_;
            });
    }

private:
    const ReplaceableFile file_;
    std::string text_;
};

} // namespace user_chk

#endif // USER_CHK_TESTS_SUPPORT_REPLACEABLE_TEXT_H
