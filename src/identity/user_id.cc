// SPDX-License-Identifier: MPL-2.0
// Implements UserId.

#include <user.h>

#include <identity/id_tag.h>
#include <identity/id_text.h>

#include <exceptions/exceptions.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace user_chk {

namespace {

// The labels of the types, in the order of the enumerators.
constexpr std::array<const char*, UserId::TYPES> LABELS = {
    UserId::HW_ADDRESS_STR, UserId::DUID_STR, "CLIENT_ID",     "CIRCUIT_ID",
    "INTERFACE_ID",         "REMOTE_ID",      "SUBSCRIBER_ID", "FLEX_ID"};

bool isType(UserId::UserIdType type) {
    return type >= 0 && static_cast<size_t>(type) < LABELS.size();
}

std::string labels() {
    std::string all;
    for (const char* label : LABELS) {
        all.append(all.empty() ? "" : ", ").append(label);
    }
    return all;
}

bool isKind(IdTag tag, const std::vector<uint8_t>& id) {
    return tag.kind < UserId::Kind::RANDOM ||
           (tag.kind == UserId::Kind::RANDOM && tag.type == UserId::HW_ADDRESS && id.size() == 1 &&
            id.front() == RANDOM_ID);
}

void check(IdTag tag, const std::vector<uint8_t>& id) {
    if (!isType(tag.type)) {
        isc_throw(isc::BadValue, "invalid id type: " << static_cast<int>(tag.type));
    }
    if (id.empty()) {
        isc_throw(isc::BadValue, "an id may not be blank");
    }
    if (!isKind(tag, id)) {
        isc_throw(isc::BadValue, "invalid kind of id: " << static_cast<int>(tag.kind));
    }
}

} // namespace

UserId::UserId(UserIdType id_type, const std::vector<uint8_t>& id, Kind kind)
    : id_type_(id_type), kind_(kind), id_(id) {
    check({id_type_, kind_}, id_);
}

UserId::UserId(UserIdType id_type, std::vector<uint8_t>&& id, Kind kind)
    : id_type_(id_type), kind_(kind), id_(std::move(id)) {
    check({id_type_, kind_}, id_);
}

UserId::UserId(UserIdType id_type, const std::string& id) : id_type_(id_type) {
    kind_ = parseId(id_type, id, id_);
    check({id_type_, kind_}, id_);
}

std::string UserId::toText(char delim) const {
    std::string text;
    appendIdText(text, {id_type_, kind_}, id_, delim);
    return text;
}

bool UserId::operator==(const UserId& other) const {
    return id_type_ == other.id_type_ && kind_ == other.kind_ && id_ == other.id_;
}

bool UserId::operator<(const UserId& other) const {
    return std::tie(id_type_, id_, kind_) < std::tie(other.id_type_, other.id_, other.kind_);
}

std::string UserId::lookupTypeStr(UserIdType type) {
    if (!isType(type)) {
        isc_throw(isc::BadValue, "invalid id type: " << static_cast<int>(type));
    }
    return LABELS[static_cast<size_t>(type)];
}

UserId::UserIdType UserId::lookupType(const std::string& type_str) {
    const auto* found = std::find(LABELS.begin(), LABELS.end(), type_str);
    if (found == LABELS.end()) {
        isc_throw(isc::BadValue, "invalid type: '" << type_str << "', must be one of " << labels());
    }
    return static_cast<UserIdType>(found - LABELS.begin());
}

std::ostream& operator<<(std::ostream& os, const UserId& user_id) {
    return os << textOf(user_id);
}

} // namespace user_chk
