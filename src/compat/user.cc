// SPDX-License-Identifier: MPL-2.0
// Implements User.

#include <user.h>

#include <exceptions/exceptions.h>

namespace user_chk {

User::User(const UserId& user_id) : user_id_(user_id) {}

User::User(UserId::UserIdType id_type, const std::vector<uint8_t>& id) : user_id_(id_type, id) {}

User::User(UserId::UserIdType id_type, const std::string& id) : user_id_(id_type, id) {}

void User::setProperties(const PropertyMap& properties) {
    properties_ = properties;
}

void User::setProperty(const std::string& name, const std::string& value) {
    if (name.empty()) {
        isc_throw(isc::BadValue, "the name of an attribute may not be blank");
    }
    properties_[name] = value;
}

std::string User::getProperty(const std::string& name) const {
    const auto property = properties_.find(name);
    return property == properties_.end() ? std::string() : property->second;
}

void User::delProperty(const std::string& name) {
    properties_.erase(name);
}

} // namespace user_chk
