// SPDX-License-Identifier: MPL-2.0
// Implements placeInLine(): analyzes the library's messages, which name what is bad.

#include <program/place_in_line.h>

#include <identity/id_tag.h>
#include <identity/id_text.h>
#include <registry/id_remarks.h>
#include <registry/other_ids.h>

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

namespace user_chk::program {

namespace {

constexpr const char* BLANKS = " \t\r\n";

// A member of a JSON object, and its position in the line.
struct Member {
    std::string_view name;
    size_t name_at;
    size_t value_at;
};

// Iterates over the members of a flat object, as far as the line is one.
class LineMembers {
public:
    explicit LineMembers(std::string_view line) : line_(line) {
        bool more = take('{');
        while (more) {
            skipBlanks();
            Member member{"", at_, 0};
            if (!skipString()) {
                break;
            }
            member.name = line_.substr(member.name_at + 1, at_ - member.name_at - 2);
            if (!take(':')) {
                break;
            }
            skipBlanks();
            member.value_at = at_;
            members_.push_back(member);
            skipValue();
            more = take(',');
        }
    }

    const std::vector<Member>& all() const { return members_; }

private:
    void skipBlanks() { at_ = std::min(line_.find_first_not_of(BLANKS, at_), line_.size()); }

    bool take(char wanted) {
        skipBlanks();
        const bool found = at_ < line_.size() && line_[at_] == wanted;
        at_ += found ? 1 : 0;
        return found;
    }

    bool skipString() {
        if (at_ >= line_.size() || line_[at_] != '"') {
            return false;
        }
        for (++at_; at_ < line_.size() && line_[at_] != '"'; ++at_) {
            at_ += line_[at_] == '\\' ? 1 : 0;
        }
        at_ = std::min(at_ + 1, line_.size());
        return line_[at_ - 1] == '"';
    }

    void skipValue() {
        int depth = 0;
        while (at_ < line_.size()) {
            const char c = line_[at_];
            if (c == '"') {
                static_cast<void>(skipString());
                continue;
            }
            if (depth == 0 && (c == ',' || c == '}')) {
                return;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            ++at_;
        }
    }

    const std::string_view line_;
    size_t at_ = 0;
    std::vector<Member> members_;
};

// What a message refers to: a member, or the first member whose name begins like this; its name, or its
// value.
struct Subject {
    std::string name;
    bool is_name = false;
};

// Returns the part between two texts, of which the message must start with the first.
std::optional<std::string> between(const std::string& reason, const std::string& before,
                                   const std::string& after) {
    const size_t end =
        boost::starts_with(reason, before) ? reason.find(after, before.size()) : std::string::npos;
    return end != std::string::npos ? std::make_optional(reason.substr(before.size(), end - before.size()))
                                    : std::nullopt;
}

// Whether the library would make this remark on an id.
bool isOfId(const std::string& reason, const UserId& id) {
    std::vector<std::string> remarks;
    remarkOnId(IdTag(id), id.getId(), remarks);
    return std::count(remarks.begin(), remarks.end(), reason) != 0 ||
           boost::starts_with(reason, "duplicate user: " + textOf(id) + ",");
}

std::optional<Subject> subjectOf(const std::string& reason, const std::optional<UserId>& id) {
    if (boost::starts_with(reason, "duplicate user: ") || boost::starts_with(reason, "the id ")) {
        return Subject{id && !isOfId(reason, *id) ? OTHER_IDS : "id"};
    }
    static const std::vector<std::pair<const char*, const char*>> STARTS = {
        {"invalid id", "id"},
        {"an id ", "id"},
        {"invalid type", "type"},
        {"clients are not looked up by ", "type"},
        {"the client class ", "client-classes"},
        {"tftp_server ", "tftp_server"},
        {"the options take ", "option."},
        {"invalid attributes: ", "option."},
        {"the name of an attribute ", ""}};
    for (const auto& [start, name] : STARTS) {
        if (boost::starts_with(reason, start)) {
            return Subject{name};
        }
    }
    if (boost::contains(reason, " in subnets is not configured")) {
        return Subject{"subnets"};
    }
    if (boost::contains(reason, " in shared-networks is not configured")) {
        return Subject{"shared-networks"};
    }
    for (const auto& [before, after] :
         {std::make_pair("invalid ", ": "), std::make_pair("the value of '", "' is not ")}) {
        if (const auto name = between(reason, before, after)) {
            return Subject{*name};
        }
    }
    for (const auto& [before, after] :
         {std::make_pair("the attribute ", " does nothing"), std::make_pair("", " is left out: "),
          std::make_pair("", " is sent without ")}) {
        if (const auto name = between(reason, before, after)) {
            return Subject{*name, true};
        }
    }
    return std::nullopt;
}

// Of several members with the same name, the last one counts.
const Member* find(const std::vector<Member>& members, const std::string& name) {
    const auto same = std::find_if(members.rbegin(), members.rend(),
                                   [&](const Member& member) { return member.name == name; });
    if (same != members.rend()) {
        return &*same;
    }
    const auto first = std::find_if(members.begin(), members.end(), [&](const Member& member) {
        return boost::starts_with(member.name, name);
    });
    return first != members.end() && !name.empty() ? &*first : nullptr;
}

// Whether Kea's JSON parser means the column after the rejected character. For some errors it names the first
// column instead.
bool isColumnBehind(const std::string& reason) {
    constexpr std::array<const char*, 5> EXACT = {"NUL byte", "Bad boolean value", "Bad null value",
                                                  "Number overflow", "Extra data"};
    return std::none_of(EXACT.begin(), EXACT.end(),
                        [&](const char* start) { return boost::starts_with(reason, start); });
}

// Removes the column from a message that names it.
PlacedReason placeOfParser(const std::string& reason) {
    static const std::string COLUMN = " at column ";
    static const std::string ERROR = "error: "; // of Kea's parser
    const size_t at = reason.find(COLUMN);
    if (at == std::string::npos) {
        return {1, reason};
    }
    const size_t digits = at + COLUMN.size();
    const size_t end = std::min(reason.find_first_not_of("0123456789", digits), reason.size());
    const size_t column = std::strtoul(reason.substr(digits, end - digits).c_str(), nullptr, 10);
    const size_t start = boost::starts_with(reason, ERROR) ? ERROR.size() : 0;
    const size_t behind = isColumnBehind(reason) ? 1 : 0;
    return {std::max<size_t>(column, behind + 1) - behind,
            reason.substr(start, at - start) + reason.substr(end)};
}

} // namespace

PlacedReason placeInLine(std::string_view line, const std::string& reason, const std::optional<UserId>& id) {
    if (const auto subject = subjectOf(reason, id)) {
        const LineMembers members(line);
        const Member* member = find(members.all(), subject->name);
        const size_t at = member == nullptr ? 0 : subject->is_name ? member->name_at : member->value_at;
        return {at + 1, reason};
    }
    return placeOfParser(reason);
}

} // namespace user_chk::program
