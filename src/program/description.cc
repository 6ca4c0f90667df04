// SPDX-License-Identifier: MPL-2.0
// Implements the formatting of answers for people.

#include <program/description.h>

#include <program/json_text.h>

namespace user_chk::program {

using isc::data::ConstElementPtr;
using isc::data::Element;

namespace {

void appendPart(std::string& text, const std::string& part) {
    text += (text.empty() ? "" : ", ") + part;
}

// Shows a map: its id comes first, a true member is shown by its name alone, a false one is omitted.
std::string mapInWords(const ConstElementPtr& map) {
    const bool has_id = map->contains("type") && map->contains("id");
    std::string text = has_id ? elementText(map, "type") + '=' + elementText(map, "id") : "";
    for (const auto& [name, given] : map->mapValue()) {
        const ConstElementPtr value = given;
        const bool is_flag = value->getType() == Element::boolean;
        if ((has_id && (name == "type" || name == "id")) || (is_flag && !value->boolValue())) {
            continue;
        }
        appendPart(text, is_flag ? name : name + ' ' + inWords(value));
    }
    return text;
}

} // namespace

std::string inWords(const ConstElementPtr& value) {
    if (value->getType() == Element::map) {
        return mapInWords(value);
    }
    if (value->getType() != Element::list) {
        return elementText(value);
    }
    std::string text;
    for (const ConstElementPtr part : value->listValue()) {
        appendPart(text, inWords(part));
    }
    return text;
}

void addMember(Table& table, const std::string& name, const ConstElementPtr& value) {
    const bool has_maps =
        value->getType() == Element::list && !value->empty() && value->get(0)->getType() == Element::map;
    if (!has_maps) {
        table.add({name, inWords(value)});
        return;
    }
    for (const ConstElementPtr part : value->listValue()) {
        table.add({name, inWords(part)});
    }
}

} // namespace user_chk::program
