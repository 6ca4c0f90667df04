// SPDX-License-Identifier: MPL-2.0
// Defines PreparedFile, a registry file whose content was read already.

#ifndef USER_CHK_COMPAT_PREPARED_FILE_H
#define USER_CHK_COMPAT_PREPARED_FILE_H

#include <user_file.h>

#include <string>
#include <utility>

namespace user_chk {

/// @brief A source of users that is open, with a content that its maker has read.
class PreparedFile : public UserFile {
public:
    /// @brief Opens with this content.
    ///
    /// @param path the name of the file, for messages
    /// @param text its content
    PreparedFile(const std::string& path, std::string text) : UserFile(path) { openText(std::move(text)); }
};

} // namespace user_chk

#endif // USER_CHK_COMPAT_PREPARED_FILE_H
