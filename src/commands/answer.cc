// SPDX-License-Identifier: MPL-2.0
// Implements the check of arguments, and the answers.

#include <commands/answer.h>

#include <identity/id_text.h>
#include <kea_compat.h>
#include <system/utf8.h>

#include <cc/command_interpreter.h>
#include <exceptions/exceptions.h>

#include <boost/make_shared.hpp>

#include <cstdio>

namespace user_chk {

using isc::config::createAnswer;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::data::SimpleKeywords;
using isc::data::SimpleParser;

ConstElementPtr checked(const ConstElementPtr& given, const SimpleKeywords& known,
                        std::initializer_list<const char*> required) {
    ConstElementPtr arguments = given ? given : Element::createMap();
    if (arguments->getType() != Element::map) {
        isc_throw(isc::BadValue, "the arguments are not a map");
    }
    SimpleParser::checkKeywords(known, arguments);
    require(arguments, required);
    return arguments;
}

void require(const ConstElementPtr& arguments, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        if (!arguments->contains(name)) {
            isc_throw(isc::BadValue, "'" << name << "' is missing");
        }
    }
}

size_t pageLimit(const ConstElementPtr& arguments) {
    constexpr int64_t USUAL = 100;
    constexpr int64_t MOST = 10000;
    const ConstElementPtr given = arguments->get("limit");
    const int64_t limit = given ? given->intValue() : USUAL;
    if (limit < 1 || limit > MOST) {
        isc_throw(isc::BadValue, "invalid limit: " << limit << ", must be 1 to " << MOST);
    }
    return static_cast<size_t>(limit);
}

// Kea has turned each escape up to \u00ff into a single byte, which is that character in Latin-1.
UserId userIdOf(const ConstElementPtr& arguments) {
    return {UserId::lookupType(arguments->get("type")->stringValue()),
            asUtf8(arguments->get("id")->stringValue())};
}

void setUserId(const ElementPtr& object, const UserId& id) {
    object->set("type", Element::create(UserId::lookupTypeStr(id.getType())));
    object->set("id", Element::create(id.toText(':')));
}

ElementPtr number(uint64_t value) {
    return Element::create(static_cast<int64_t>(value));
}

std::string jsonText(const std::string& text) {
    std::string json;
    for (size_t at = 0; at < text.size();) {
        const Character character = characterAt(text, at);
        if (character.code == '"' || character.code == '\\') {
            json += '\\';
        }
        if (character.code < ' ' || (character.code >= 0x7f && character.code <= 0xff)) {
            char escape[7];
            static_cast<void>(
                std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(character.code)));
            json += escape;
        } else {
            json.append(text, at, character.length);
        }
        at += character.length;
    }
    return json;
}

ElementPtr textElement(const std::string& text) {
    return boost::make_shared<kea::WrittenString>(text, '"' + jsonText(text) + '"');
}

std::string userText(const UserId& id) {
    return "user " + textOf(id);
}

ConstElementPtr success(const std::string& text, const ConstElementPtr& arguments) {
    return createAnswer(isc::config::CONTROL_RESULT_SUCCESS, text, arguments);
}

ConstElementPtr failure(const std::string& reason) {
    return createAnswer(isc::config::CONTROL_RESULT_ERROR, reason);
}

ConstElementPtr notFound(const UserId& id) {
    return createAnswer(isc::config::CONTROL_RESULT_EMPTY, userText(id) + " not found");
}

ConstElementPtr existsAlready(const UserId& id, const UserId& owner) {
    const std::string reason = id == owner
                                   ? " already exists"
                                   : " already exists in part: " + userText(owner) + " has one of its ids";
    return createAnswer(kea::RESULT_CONFLICT, userText(id) + reason);
}

ConstElementPtr changedMeanwhile(const UserId& id, uint32_t version) {
    return createAnswer(kea::RESULT_CONFLICT, userText(id) + " has been changed since, its version is now " +
                                                  std::to_string(version));
}

} // namespace user_chk
