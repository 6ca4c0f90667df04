// SPDX-License-Identifier: MPL-2.0
// Implements UserFile: lines of a registry file into users.

#include <user_file.h>

#include <registry/user_table.h>
#include <source/file_content.h>
#include <source/record_parser.h>
#include <system/utf8.h>

#include <algorithm>
#include <utility>

namespace user_chk {

namespace {

bool isBlank(std::string_view line) {
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

} // namespace

UserFile::UserFile(const std::string& fname) : fname_(fname), parser_(std::make_unique<RecordParser>()) {
    if (isBlank(fname_)) {
        isc_throw(UserFileError, "the name of a registry file may not be blank");
    }
}

UserFile::~UserFile() = default;

void UserFile::open() {
    openText(FileContent::read(fname_).text);
}

void UserFile::openText(std::string text) {
    if (open_) {
        isc_throw(UserFileError, fname_ << ": is open already");
    }
    text_ = std::move(text);
    end_ = text_.size();
    text_.append(RecordParser::PADDING, '\n');
    next_ = 0;
    line_number_ = 0;
    open_ = true;
}

UserPtr UserFile::readNextUser() {
    const Record* record = nextRecord();
    return record != nullptr ? userOf(*record) : UserPtr();
}

void UserFile::readInto(UserTable& table) {
    const std::string_view content = std::string_view(text_).substr(0, end_);
    table.reserve(table.size() + static_cast<size_t>(std::count(content.begin(), content.end(), '\n')));
    while (const Record* record = nextRecord()) {
        if (!add(table, *record)) {
            isc_throw(UserFileError, where() << ": duplicate user: " << UserId(record->type, record->id)
                                             << ", is in line " << table.lineOf(record->type, record->id)
                                             << " already");
        }
    }
}

bool UserFile::add(UserTable& table, const Record& record) const {
    try {
        return table.add(record.type, record.id, record.attributes, line_number_);
    } catch (const isc::Exception& ex) {
        isc_throw(UserFileError, where() << ": " << printable(ex.what()));
    }
}

// The record of the next line that has one, a null pointer at the end.
const Record* UserFile::nextRecord() {
    if (!open_) {
        isc_throw(UserFileError, fname_ << ": is not open");
    }
    std::string_view line;
    while (nextLine(line)) {
        if (isPassedOver(line)) {
            continue;
        }
        try {
            return &parser_->parse(line);
        } catch (const UserFileError& ex) {
            isc_throw(UserFileError, where() << ": " << ex.what());
        }
    }
    return nullptr;
}

bool UserFile::nextLine(std::string_view& line) {
    if (next_ >= end_) {
        return false;
    }
    ++line_number_;
    const size_t end = std::min(text_.find('\n', next_), end_);
    line = std::string_view(text_).substr(next_, end - next_);
    if (!line.empty() && line.back() == '\r') {
        line.remove_suffix(1);
    }
    next_ = end + 1;
    return true;
}

void UserFile::close() {
    // A registry may be large: give the memory back, not only the content.
    std::string().swap(text_);
    end_ = 0;
    open_ = false;
}

std::string UserFile::where() const {
    return fname_ + ":" + std::to_string(line_number_);
}

bool UserFile::isPassedOver(std::string_view line) {
    return isBlank(line) || line.front() == '#';
}

UserPtr UserFile::makeUser(const std::string& user_string) {
    RecordParser parser;
    std::string line = user_string;
    line.append(RecordParser::PADDING, '\n');
    return userOf(parser.parse(std::string_view(line).substr(0, user_string.size())));
}

} // namespace user_chk
