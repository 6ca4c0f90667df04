// SPDX-License-Identifier: MPL-2.0
// Implements UserId.

#include <user.h>

#include <identity/id_text.h>

#include <exceptions/exceptions.h>

#include <tuple>

namespace user_chk {

namespace {

std::vector<uint8_t> bytesOf(const std::string& text) {
    std::vector<uint8_t> bytes;
    parseId(text, bytes);
    return bytes;
}

} // namespace

UserId::UserId(UserIdType id_type, const std::vector<uint8_t>& id) : id_type_(id_type), id_(id) {
    if (id_type != HW_ADDRESS && id_type != DUID) {
        isc_throw(isc::BadValue, "invalid id type: " << static_cast<int>(id_type));
    }
    if (id_.empty()) {
        isc_throw(isc::BadValue, "an id may not be blank");
    }
}

UserId::UserId(UserIdType id_type, const std::string& id) : UserId(id_type, bytesOf(id)) {}

std::string UserId::toText(char delim) const {
    std::string text;
    appendId(text, id_, delim);
    return text;
}

bool UserId::operator==(const UserId& other) const {
    return id_type_ == other.id_type_ && id_ == other.id_;
}

bool UserId::operator<(const UserId& other) const {
    return std::tie(id_type_, id_) < std::tie(other.id_type_, other.id_);
}

std::string UserId::lookupTypeStr(UserIdType type) {
    switch (type) {
    case HW_ADDRESS:
        return HW_ADDRESS_STR;
    case DUID:
        return DUID_STR;
    }
    isc_throw(isc::BadValue, "invalid id type: " << static_cast<int>(type));
}

UserId::UserIdType UserId::lookupType(const std::string& type_str) {
    if (type_str == HW_ADDRESS_STR) {
        return HW_ADDRESS;
    }
    if (type_str == DUID_STR) {
        return DUID;
    }
    isc_throw(isc::BadValue,
              "invalid type: '" << type_str << "', must be one of " << HW_ADDRESS_STR << ", " << DUID_STR);
}

std::ostream& operator<<(std::ostream& os, const UserId& user_id) {
    return os << UserId::lookupTypeStr(user_id.getType()) << "=" << user_id.toText();
}

} // namespace user_chk
