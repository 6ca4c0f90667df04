// SPDX-License-Identifier: MPL-2.0
// Implements the writing of values of Kea's JSON.

#include <program/json_text.h>

#include <commands/answer.h>
#include <system/utf8.h>

namespace user_chk::program {

using isc::data::ConstElementPtr;
using isc::data::Element;

namespace {

std::string quotedJson(const std::string& text) {
    return '"' + jsonText(text) + '"';
}

std::string separatorAfter(const std::string& json) {
    return json.size() > 1 ? ", " : " ";
}

} // namespace

std::string jsonOf(const ConstElementPtr& value) {
    switch (value->getType()) {
    case Element::string:
        return quotedJson(value->stringValue());
    case Element::list: {
        std::string json = "[";
        for (const auto& part : value->listValue()) {
            json += separatorAfter(json) + jsonOf(part);
        }
        return json + (value->empty() ? "]" : " ]");
    }
    case Element::map: {
        std::string json = "{";
        for (const auto& [name, part] : value->mapValue()) {
            json += separatorAfter(json) + quotedJson(name) + ": " + jsonOf(part);
        }
        return json + (value->empty() ? "}" : " }");
    }
    default:
        return value->str();
    }
}

std::string elementText(const ConstElementPtr& value) {
    if (!value) {
        return "";
    }
    return value->getType() == Element::string ? asUtf8(value->stringValue()) : jsonOf(value);
}

std::string elementText(const ConstElementPtr& map, const std::string& name) {
    return elementText(map->get(name));
}

} // namespace user_chk::program
