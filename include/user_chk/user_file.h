// SPDX-License-Identifier: MPL-2.0
// Defines UserFile, the source that reads users from a registry file, one JSON object a line.

#ifndef USER_CHK_USER_FILE_H
#define USER_CHK_USER_FILE_H

#include <user.h>
#include <user_data_source.h>

#include <boost/shared_ptr.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace user_chk {

/// @brief Thrown when a registry file cannot be read or a line of it is no user.
class UserFileError : public UserDataSourceError {
public:
    /// @brief Made by Kea's isc_throw macro.
    UserFileError(const char* file, size_t line, const char* what) : UserDataSourceError(file, line, what) {}
};

/// @brief Reads users from a file.
///
/// The text is UTF-8, with or without a byte order mark at its start. A line is a JSON object (RFC 8259)
/// whose members are all strings: `type` (see UserId::lookupType()), `id` (see UserId), and any others, which
/// become attributes. Blank lines and lines that start with `#` are passed over; a line ends with LF or CRLF,
/// the last may end with the file. open() takes the whole content at once, so a change of the file while it
/// is read is not seen. One thread at a time.
class UserFile : public UserDataSource {
public:
    /// @brief Makes a source that is not open.
    ///
    /// @throw UserFileError when @c fname is blank.
    explicit UserFile(const std::string& fname);

    ~UserFile() override;

    /// @throw UserFileError when the file cannot be read, is no regular file, is UTF-16, or is open already.
    void open() override;

    /// @throw UserFileError `FILE:LINE: REASON` when the line is no user, or when the file is not open.
    UserPtr readNextUser() override;

    void close() override;

    bool isOpen() const override { return content_ != nullptr; }

    /// @brief Makes a user of the text of one line.
    ///
    /// @throw UserFileError with the reason when @c user_string is no user.
    static UserPtr makeUser(const std::string& user_string);

private:
    struct Content;

    std::string fname_;
    std::unique_ptr<Content> content_; // null while it is not open
};

/// @brief Pointer to a UserFile.
typedef boost::shared_ptr<UserFile> UserFilePtr;

} // namespace user_chk

#endif // USER_CHK_USER_FILE_H
