// SPDX-License-Identifier: MPL-2.0
// Defines UserFile, the source that reads users from a registry file with one JSON object per line.

#ifndef USER_CHK_USER_FILE_H
#define USER_CHK_USER_FILE_H

#include <user.h>
#include <user_data_source.h>

#include <boost/shared_ptr.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace user_chk {

/// @brief Thrown when a registry file cannot be read, or a line of it is not a valid user.
class UserFileError : public UserDataSourceError {
public:
    /// @brief For Kea's isc_throw macro.
    UserFileError(const char* file, size_t line, const char* what) : UserDataSourceError(file, line, what) {}
};

/// @brief Reads users from a registry file.
///
/// The file is UTF-8 text, with or without a byte order mark. Each line is a JSON object (RFC 8259) whose
/// members are all strings: `type` (see UserId::lookupType()), `id` (see UserId), and any others, which
/// become attributes. Blank lines and lines that start with `#` are skipped. Lines end with LF or CRLF; the
/// last line may lack its line end.
///
/// open() reads the whole file, so later changes to the file are not seen. Not thread-safe.
class UserFile : public UserDataSource {
public:
    /// @brief Creates a source that is not open.
    ///
    /// @throw UserFileError when @c fname is blank.
    explicit UserFile(const std::string& fname);

    ~UserFile() override;

    /// @throw UserFileError when the file cannot be read, is not a regular file, is UTF-16, or is already
    /// open.
    void open() override;

    /// @throw UserFileError `FILE:LINE: REASON` when the line is not a valid user, or when the file is not
    /// open.
    UserPtr readNextUser() override;

    void close() override;

    bool isOpen() const override { return content_ != nullptr; }

    /// @brief Creates a user from the text of one line.
    ///
    /// @throw UserFileError with the reason when @c user_string is not a valid user.
    static UserPtr makeUser(const std::string& user_string);

private:
    struct Content;

    std::string fname_;
    std::unique_ptr<Content> content_; // null while the file is not open
};

/// @brief Pointer to a UserFile.
typedef boost::shared_ptr<UserFile> UserFilePtr;

} // namespace user_chk

#endif // USER_CHK_USER_FILE_H
