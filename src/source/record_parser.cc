// SPDX-License-Identifier: MPL-2.0
// Implements RecordParser.

#include <source/record_parser.h>

#include <identity/id_text.h>
#include <source/json_escapes.h>
#include <system/utf8.h>
#include <user_file.h>

#include <cc/data.h>

#include <boost/make_shared.hpp>

#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using isc::data::ConstElementPtr;
using isc::data::Element;

namespace user_chk {

struct RecordParser::Fast {
    simdjson::dom::parser json;
};

namespace {

// A record is a flat object; the margin lets Kea's parser report the error of a nested one.
constexpr int MAX_DEPTH = 8;

// Kea's parser gets a single line and calls it "<string>:1"; the caller adds the real line number.
std::string wordJsonError(const std::string& error, const DecodedEscapes& json) {
    static const std::string PLACE = " in <string>:1:";
    const size_t at = error.rfind(PLACE);
    if (at == std::string::npos) {
        return error;
    }
    const auto column = std::strtoul(error.c_str() + at + PLACE.size(), nullptr, 10);
    return error.substr(0, at) + " at column " + std::to_string(json.original(column));
}

ConstElementPtr parseJson(std::string_view line) {
    if (nestingDepth(line) > MAX_DEPTH) {
        isc_throw(UserFileError, "nested too deeply, must be one flat JSON object");
    }
    const DecodedEscapes json(line);
    try {
        return Element::fromJSON(json.text());
    } catch (const isc::data::JSONError& ex) {
        isc_throw(UserFileError, wordJsonError(ex.what(), json));
    }
}

// Returns the members of a JSON object, all of which must be strings.
PropertyMap membersOf(const ConstElementPtr& object) {
    if (!object || object->getType() != Element::map) {
        isc_throw(UserFileError, "not a JSON object");
    }
    PropertyMap members;
    for (const auto& [name, value] : object->mapValue()) {
        if (!value || value->getType() != Element::string) {
            isc_throw(UserFileError, "the value of '" << name << "' is not a JSON string");
        }
        members[name] = value->stringValue();
    }
    return members;
}

constexpr const char* WHITE_SPACE = " \t\r\n";

// Removes the next JSON string from a text and returns it; none when there is none.
std::optional<std::string> takeString(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(WHITE_SPACE), text.size()));
    size_t end = 1;
    while (end < text.size() && text[end] != '"') {
        end += text[end] == '\\' ? 2 : 1;
    }
    if (end >= text.size() || text.front() != '"') {
        return std::nullopt;
    }
    const std::string value =
        Element::fromJSON(DecodedEscapes(text.substr(0, end + 1)).text())->stringValue();
    text.remove_prefix(end + 1);
    return value;
}

// Removes a character from a text, if it comes next.
bool takeCharacter(std::string_view& text, char wanted) {
    text.remove_prefix(std::min(text.find_first_not_of(WHITE_SPACE), text.size()));
    const bool found = !text.empty() && text.front() == wanted;
    text.remove_prefix(found ? 1 : 0);
    return found;
}

// Returns the strings in a broken object that precede the point where it is broken.
PropertyMap leadingMembers(std::string_view line) {
    PropertyMap members;
    bool more = takeCharacter(line, '{');
    while (more) {
        const auto name = takeString(line);
        const auto value = name && takeCharacter(line, ':') ? takeString(line) : std::nullopt;
        if (value) {
            members[*name] = *value;
        }
        more = value && takeCharacter(line, ',');
    }
    return members;
}

// Returns the strings in a line that is not a record.
PropertyMap stringsOf(std::string_view line) {
    ConstElementPtr object;
    try {
        object = line.size() <= RecordParser::MAX_LINE ? parseJson(line) : nullptr;
    } catch (const std::exception&) {
        // It is broken.
    }
    if (!object || object->getType() != Element::map) {
        return leadingMembers(line);
    }
    PropertyMap members;
    for (const auto& [name, value] : object->mapValue()) {
        if (value && value->getType() == Element::string) {
            members[name] = value->stringValue();
        }
    }
    return members;
}

// Removes a member that every record must have.
std::string takeRequired(PropertyMap& members, const char* name) {
    const auto member = members.find(name);
    if (member == members.end()) {
        isc_throw(UserFileError, "'" << name << "' is missing");
    }
    std::string value = std::move(member->second);
    members.erase(member);
    return value;
}

// A long line may have many attributes, so this does not compare each with each. It uses the given buffer to
// sort the names.
bool hasNameTwice(const AttributeList& attributes, std::vector<std::string_view>& names) {
    names.clear();
    std::transform(attributes.begin(), attributes.end(), std::back_inserter(names),
                   [](const auto& attribute) { return attribute.first; });
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) != names.end();
}

bool startsWith(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start;
}

// Whether a line is more, or something else, than one JSON object.
bool hasAnotherForm(std::string_view line, const std::string& reason) {
    const size_t first = line.find_first_not_of(" \t");
    const bool is_comment = first != std::string_view::npos && (line[first] == '#' || line[first] == '/');
    return is_comment || startsWith(reason, "Extra data");
}

// Returns the error message for a line that is not a record, so that the operator sees what is wrong with it.
// The message is one line of text, without control characters.
std::string recordError(std::string_view line, const std::string& reason) {
    if (!byteOrderMark(line).empty()) {
        return "starts with a byte order mark, which is allowed only at the start of a file";
    }
    const size_t nul = line.find('\0');
    if (nul != std::string_view::npos) {
        return "NUL byte at column " + std::to_string(nul + 1) + ", must be text";
    }
    const std::string text = printable(reason);
    return hasAnotherForm(line, reason)
               ? text + ", must be one JSON object per line; a comment line starts with # in its first column"
               : text;
}

// Releases of simdjson differ in how they read escapes of surrogates and the like.
bool mayHaveSurrogates(std::string_view line) {
    return line.find("\\ud") != std::string_view::npos || line.find("\\uD") != std::string_view::npos;
}

} // namespace

UserPtr userOf(const Record& record) {
    UserPtr user = boost::make_shared<User>(record.userId());
    for (const auto& [name, value] : record.attributes) {
        user->setProperty(std::string(name), std::string(value));
    }
    return user;
}

const size_t RecordParser::PADDING = simdjson::SIMDJSON_PADDING;

RecordParser::RecordParser() : fast_(std::make_unique<Fast>()) {}

RecordParser::~RecordParser() = default;

const Record& RecordParser::parse(std::string_view line) {
    if (line.size() > RecordParser::MAX_LINE) {
        isc_throw(UserFileError,
                  "the line is " << line.size() << " bytes long, must be at most " << RecordParser::MAX_LINE);
    }
    const Record* record = parseFast(line);
    return record != nullptr ? *record : parseWithKea(line);
}

const Record* RecordParser::parseId(std::string_view line) {
    try {
        PropertyMap members = stringsOf(line);
        record_.type = UserId::lookupType(takeRequired(members, "type"));
        record_.kind = user_chk::parseId(record_.type, takeRequired(members, "id"), record_.id);
        record_.attributes.clear();
        return record_.id.empty() ? nullptr : &record_;
    } catch (const std::exception&) {
        return nullptr;
    }
}

const Record* RecordParser::parseFast(std::string_view line) {
    // simdjson skips a byte order mark.
    if (line.substr(0, 1) == "\xef" || mayHaveSurrogates(line)) {
        return nullptr;
    }
    simdjson::dom::object object;
    if (fast_->json.parse(line.data(), line.size(), false).get(object) != simdjson::SUCCESS) {
        return nullptr;
    }
    std::string_view type;
    std::string_view id;
    record_.attributes.clear();
    for (const auto [name, element] : object) {
        std::string_view value;
        if (element.get(value) != simdjson::SUCCESS || name.empty()) {
            return nullptr;
        }
        if (name == "type" && type.empty()) {
            type = value;
        } else if (name == "id" && id.empty()) {
            id = value;
        } else if (name == "type" || name == "id") {
            return nullptr;
        } else {
            record_.attributes.emplace_back(name, value);
        }
    }
    try {
        record_.type = UserId::lookupType(std::string(type));
        record_.kind = user_chk::parseId(record_.type, id, record_.id);
    } catch (const isc::Exception&) {
        return nullptr;
    }
    return record_.id.empty() || hasNameTwice(record_.attributes, names_) ? nullptr : &record_;
}

const Record& RecordParser::parseWithKea(std::string_view line) {
    try {
        return read(parseJson(line));
    } catch (const std::exception& ex) {
        // Not only Kea's own exceptions: the parser of Kea 2.6 throws those of the standard library as well.
        isc_throw(UserFileError, recordError(line, ex.what()));
    }
}

const Record& RecordParser::read(const ConstElementPtr& object) {
    try {
        members_ = membersOf(object);
        record_.type = UserId::lookupType(takeRequired(members_, "type"));
        record_.kind = user_chk::parseId(record_.type, takeRequired(members_, "id"), record_.id);
    } catch (const isc::BadValue& ex) {
        isc_throw(UserFileError, ex.what());
    }
    if (record_.id.empty()) {
        isc_throw(UserFileError, "an id may not be blank");
    }
    if (members_.count("") != 0) {
        isc_throw(UserFileError, "the name of an attribute may not be blank");
    }
    record_.attributes.assign(members_.begin(), members_.end());
    return record_;
}

} // namespace user_chk
