// SPDX-License-Identifier: MPL-2.0
// Implements UserFile: lines of a registry file into users.

#include <user_file.h>

#include <registry/file_content.h>

#include <cc/data.h>

#include <boost/algorithm/string/replace.hpp>

#include <algorithm>
#include <utility>

using isc::data::ConstElementPtr;
using isc::data::Element;

namespace user_chk {

namespace {

// A record is one flat object; this leaves room for Kea's parser to word the error of a nested one.
constexpr int MAX_DEPTH = 8;

bool isBlank(std::string_view line) {
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

// How deep brackets nest. Kea's parser recurses, so depth must be bounded before a line is given to it.
int nestingDepth(const std::string& json) {
    int depth = 0;
    int deepest = 0;
    bool in_string = false;
    for (size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (in_string) {
            i += c == '\\' ? 1 : 0;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            deepest = std::max(deepest, ++depth);
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return deepest;
}

ConstElementPtr parseObject(const std::string& json) {
    if (nestingDepth(json) > MAX_DEPTH) {
        isc_throw(UserFileError, "nested too deep, must be one flat JSON object");
    }
    ConstElementPtr object = Element::fromJSON(json);
    if (!object || object->getType() != Element::map) {
        isc_throw(UserFileError, "not a JSON object");
    }
    return object;
}

// Kea's parser is given one line and calls it "<string>:1"; which line it was, the caller adds.
std::string wordJsonError(const std::string& error) {
    return boost::replace_last_copy(error, " in <string>:1:", " at column ");
}

// The members of a JSON object, all of which must be strings.
PropertyMap parseMembers(const std::string& json) {
    PropertyMap members;
    const ConstElementPtr object = parseObject(json);
    for (const auto& [name, value] : object->mapValue()) {
        if (!value || value->getType() != Element::string) {
            isc_throw(UserFileError, "the value of '" << name << "' is not a JSON string");
        }
        members[name] = value->stringValue();
    }
    return members;
}

// Takes a member that every record must have out of the rest.
std::string takeRequired(PropertyMap& members, const char* name) {
    const auto member = members.find(name);
    if (member == members.end()) {
        isc_throw(UserFileError, "'" << name << "' is missing");
    }
    std::string value = std::move(member->second);
    members.erase(member);
    return value;
}

} // namespace

UserFile::UserFile(const std::string& fname) : fname_(fname) {
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
    next_ = 0;
    line_number_ = 0;
    open_ = true;
}

UserPtr UserFile::readNextUser() {
    if (!open_) {
        isc_throw(UserFileError, fname_ << ": is not open");
    }
    std::string_view line;
    while (nextLine(line)) {
        if (isBlank(line) || line.front() == '#') {
            continue;
        }
        try {
            return makeUser(std::string(line));
        } catch (const UserFileError& ex) {
            isc_throw(UserFileError, where() << ": " << ex.what());
        }
    }
    return UserPtr();
}

bool UserFile::nextLine(std::string_view& line) {
    if (next_ >= text_.size()) {
        return false;
    }
    ++line_number_;
    const size_t end = std::min(text_.find('\n', next_), text_.size());
    line = std::string_view(text_).substr(next_, end - next_);
    next_ = end + 1;
    return true;
}

void UserFile::close() {
    // A registry may be large: give the memory back, not only the content.
    std::string().swap(text_);
    open_ = false;
}

std::string UserFile::where() const {
    return fname_ + ":" + std::to_string(line_number_);
}

UserPtr UserFile::makeUser(const std::string& user_string) {
    if (user_string.size() > MAX_LINE) {
        isc_throw(UserFileError,
                  "the line is " << user_string.size() << " bytes long, must be at most " << MAX_LINE);
    }
    try {
        PropertyMap members = parseMembers(user_string);
        const UserId::UserIdType type = UserId::lookupType(takeRequired(members, "type"));
        const std::string id = takeRequired(members, "id");
        if (members.count("") != 0) {
            isc_throw(UserFileError, "the name of an attribute may not be blank");
        }
        UserPtr user(new User(type, id));
        user->setProperties(members);
        return user;
    } catch (const UserFileError&) {
        throw;
    } catch (const isc::data::JSONError& ex) {
        isc_throw(UserFileError, wordJsonError(ex.what()));
    } catch (const isc::Exception& ex) {
        isc_throw(UserFileError, ex.what());
    }
}

} // namespace user_chk
