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
#include <string_view>

namespace user_chk {

class RecordParser;
struct Record;

/// @brief Thrown when a registry file cannot be read or a line of it is no user.
class UserFileError : public UserDataSourceError {
public:
    /// @brief Made by Kea's isc_throw macro.
    UserFileError(const char* file, size_t line, const char* what) : UserDataSourceError(file, line, what) {}
};

/// @brief Reads users from a file.
///
/// A line is a JSON object (RFC 8259) whose members are all strings: `type` (`HW_ADDR` or `DUID`), `id` (see
/// UserId), and any others, which become attributes. Blank lines and lines that start with `#` are passed
/// over; a line ends with LF or CRLF, the last may end with the file. open() takes the whole content at once,
/// so a change of the file while it is read is not seen. One thread at a time.
class UserFile : public UserDataSource {
public:
    /// @brief The longest line that is accepted, in bytes, its end not counted.
    static constexpr size_t MAX_LINE = 65536;

    /// @brief Makes a source that is not open.
    ///
    /// @throw UserFileError when @c fname is blank.
    explicit UserFile(const std::string& fname);

    ~UserFile() override;

    /// @throw UserFileError when the file cannot be read, is no regular file, or is open already.
    void open() override;

    /// @throw UserFileError `FILE:LINE: REASON` when the line is no user, or when the file is not open.
    UserPtr readNextUser() override;

    void close() override;

    bool isOpen() const override { return open_; }

    std::string where() const override;

    void readInto(UserTable& table) override;

    /// @brief Makes a user of the text of one line.
    ///
    /// @throw UserFileError with the reason when @c user_string is no user.
    static UserPtr makeUser(const std::string& user_string);

    /// @brief True when a line, its end not counted, is blank or a comment.
    static bool isPassedOver(std::string_view line);

protected:
    /// @brief Opens with this content instead of the file's.
    ///
    /// @throw UserFileError when the file is open already.
    void openText(std::string text);

    /// @brief The name that was given to the constructor.
    const std::string& fileName() const { return fname_; }

private:
    bool nextLine(std::string_view& line);
    const Record* nextRecord();
    bool add(UserTable& table, const Record& record) const;

    std::string fname_;
    std::unique_ptr<RecordParser> parser_;
    std::string text_; // the content, and what the parser must be able to read behind it
    size_t end_ = 0;
    size_t next_ = 0;
    size_t line_number_ = 0;
    bool open_ = false;
};

/// @brief Pointer to a UserFile.
typedef boost::shared_ptr<UserFile> UserFilePtr;

} // namespace user_chk

#endif // USER_CHK_USER_FILE_H
