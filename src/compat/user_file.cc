// SPDX-License-Identifier: MPL-2.0
// Implements UserFile: converts lines of a registry file to users.

#include <user_file.h>

#include <source/file_content.h>
#include <source/record_reader.h>
#include <system/utf8.h>
#include <system/whole_file.h>

#include <system_error>

namespace user_chk {

// What open() has read.
struct UserFile::Content {
    std::string text; // followed by the padding of the parser
    RecordReader reader;
};

UserFile::UserFile(const std::string& fname) : fname_(fname) {
    if (fname_.find_first_not_of(" \t\r") == std::string::npos) {
        isc_throw(UserFileError, "the name of a registry file may not be blank");
    }
}

UserFile::~UserFile() = default;

void UserFile::open() {
    if (isOpen()) {
        isc_throw(UserFileError, fname_ << ": is already open");
    }
    FileSignature signature;
    const FileDescriptor file = openContent(fname_, signature);
    auto content = std::make_unique<Content>();
    const int error = readWhole(file, content->text);
    if (error != 0) {
        isc_throw(UserFileError, fname_ << ": " << std::generic_category().message(error));
    }
    if (isUtf16(content->text)) {
        isc_throw(UserFileError, fname_ << ": is UTF-16, save the file as UTF-8");
    }
    const size_t length = content->text.size();
    content->text.append(RecordParser::PADDING, '\n');
    content->reader.begin(std::string_view(content->text).substr(0, length));
    content_ = std::move(content);
}

UserPtr UserFile::readNextUser() {
    if (!isOpen()) {
        isc_throw(UserFileError, fname_ << ": is not open");
    }
    if (!content_->reader.next()) {
        return UserPtr();
    }
    try {
        return userOf(content_->reader.record());
    } catch (const UserFileError& ex) {
        isc_throw(UserFileError, fname_ << ":" << content_->reader.line() << ": " << ex.what());
    }
}

void UserFile::close() {
    content_.reset();
}

UserPtr UserFile::makeUser(const std::string& user_string) {
    RecordParser parser;
    std::string line = user_string;
    line.append(RecordParser::PADDING, '\n');
    return userOf(parser.parse(std::string_view(line).substr(0, user_string.size())));
}

} // namespace user_chk
