// SPDX-License-Identifier: MPL-2.0
// Implements the parsing of `other-ids`.

#include <registry/other_ids.h>

#include <identity/id_text.h>
#include <registry/id_remarks.h>

#include <exceptions/exceptions.h>

#include <algorithm>
#include <string_view>

namespace user_chk {

namespace {

constexpr std::string_view BLANKS = " \t\r\n";

[[noreturn]] void refuse(const std::string& reason) {
    isc_throw(isc::BadValue, "invalid " << OTHER_IDS << ": " << reason);
}

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(BLANKS), text.size()));
    return text.substr(0, text.find_last_not_of(BLANKS) + 1);
}

// Removes the part before the next comma outside of quotes from a text, together with the comma. Returns
// whether there was a comma.
bool takeItem(std::string_view& text, std::string_view& item) {
    bool is_quoted = false;
    size_t end = 0;
    while (end < text.size() && (is_quoted || text[end] != ',')) {
        is_quoted = is_quoted != (text[end] == '\'');
        ++end;
    }
    item = trimmed(text.substr(0, end));
    const bool has_comma = end < text.size();
    text.remove_prefix(std::min(end + 1, text.size()));
    return has_comma;
}

UserId idOf(std::string_view item) {
    const size_t sign = item.find('=');
    if (sign == std::string_view::npos) {
        refuse("'" + std::string(item) + "', must be <type>=<id>");
    }
    try {
        return {UserId::lookupType(std::string(trimmed(item.substr(0, sign)))),
                std::string(trimmed(item.substr(sign + 1)))};
    } catch (const isc::BadValue& ex) {
        refuse(ex.what());
    }
}

} // namespace

std::vector<UserId> parseOtherIds(const UserId& main, const std::string& value) {
    std::vector<UserId> ids;
    std::string_view rest = value;
    bool more = !trimmed(rest).empty();
    while (more) {
        std::string_view item;
        more = takeItem(rest, item);
        const UserId id = idOf(item);
        if (id == main || std::find(ids.begin(), ids.end(), id) != ids.end()) {
            refuse(textOf(id) + " occurs twice in the record");
        }
        if (isDefaultId(IdTag(id), id.getId())) {
            refuse(textOf(id) + " is the id of the default user");
        }
        ids.push_back(id);
    }
    if (!ids.empty() && isDefaultId(IdTag(main), main.getId())) {
        refuse("the default user can have no other ids");
    }
    return ids;
}

} // namespace user_chk
