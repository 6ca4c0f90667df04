// SPDX-License-Identifier: MPL-2.0
// Implements RecordParser.

#include <registry/record_parser.h>

#include <registry/id_text.h>
#include <user_file.h>

#include <cc/data.h>

#include <boost/algorithm/string/replace.hpp>
#include <boost/make_shared.hpp>

#include <simdjson.h>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

using isc::data::ConstElementPtr;
using isc::data::Element;

namespace user_chk {

struct RecordParser::Fast {
    simdjson::dom::parser json;
};

namespace {

// A record is one flat object; this leaves room for Kea's parser to word the error of a nested one.
constexpr int MAX_DEPTH = 8;

// How deep brackets nest. Kea's parser recurses, so depth must be bounded before a line is given to it.
int nestingDepth(std::string_view json) {
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

// Kea's parser is given one line and calls it "<string>:1"; which line it was, the caller adds.
std::string wordJsonError(const std::string& error) {
    return boost::replace_last_copy(error, " in <string>:1:", " at column ");
}

ConstElementPtr parseJson(std::string_view json) {
    if (nestingDepth(json) > MAX_DEPTH) {
        isc_throw(UserFileError, "nested too deep, must be one flat JSON object");
    }
    return Element::fromJSON(std::string(json));
}

// The members of a JSON object, all of which must be strings.
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

bool isNamed(const AttributeList& attributes, std::string_view name) {
    return std::any_of(attributes.begin(), attributes.end(),
                       [name](const auto& attribute) { return attribute.first == name; });
}

} // namespace

UserPtr userOf(const Record& record) {
    UserPtr user = boost::make_shared<User>(record.type, record.id);
    for (const auto& [name, value] : record.attributes) {
        user->setProperty(std::string(name), std::string(value));
    }
    return user;
}

const size_t RecordParser::PADDING = simdjson::SIMDJSON_PADDING;

RecordParser::RecordParser() : fast_(std::make_unique<Fast>()) {}

RecordParser::~RecordParser() = default;

const Record& RecordParser::parse(std::string_view line) {
    if (line.size() > UserFile::MAX_LINE) {
        isc_throw(UserFileError,
                  "the line is " << line.size() << " bytes long, must be at most " << UserFile::MAX_LINE);
    }
    const Record* record = parseFast(line);
    return record != nullptr ? *record : parseWithKea(line);
}

const Record* RecordParser::parseFast(std::string_view line) {
    // Kea's parser has its own mind of escapes, and simdjson passes over a byte order mark.
    if (line.find('\\') != std::string_view::npos || line.substr(0, 1) == "\xef") {
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
        if (element.get(value) != simdjson::SUCCESS || name.empty() || isNamed(record_.attributes, name)) {
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
        parseId(id, record_.id);
    } catch (const isc::Exception&) {
        return nullptr;
    }
    return record_.id.empty() ? nullptr : &record_;
}

const Record& RecordParser::parseWithKea(std::string_view line) {
    try {
        return read(parseJson(line));
    } catch (const UserFileError&) {
        throw;
    } catch (const isc::data::JSONError& ex) {
        isc_throw(UserFileError, wordJsonError(ex.what()));
    } catch (const std::exception& ex) {
        // Not only Kea's own exceptions: the parser of Kea 2.6 throws the standard library's as well.
        isc_throw(UserFileError, ex.what());
    }
}

const Record& RecordParser::read(const ConstElementPtr& object) {
    try {
        members_ = membersOf(object);
        record_.type = UserId::lookupType(takeRequired(members_, "type"));
        parseId(takeRequired(members_, "id"), record_.id);
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
