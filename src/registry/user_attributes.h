// SPDX-License-Identifier: MPL-2.0
// Defines the attributes of users in the registry: their text, and what other parts make of them.

#ifndef USER_CHK_REGISTRY_USER_ATTRIBUTES_H
#define USER_CHK_REGISTRY_USER_ATTRIBUTES_H

#include <registry/other_ids.h>
#include <user.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace user_chk {

struct UserRules; // the meaning of attributes for a query; the registry only stores it

/// @brief The attributes of one or more users. Immutable.
struct UserAttributes {
    PropertyMap properties;                 ///< names and values, as read
    std::shared_ptr<const UserRules> rules; ///< their meaning, null when they have no effect
    std::shared_ptr<const RecordIds> ids{}; ///< the ids of the record, null when it has only one
};

/// @brief The result of parsing attributes.
struct Meaning {
    std::shared_ptr<const UserRules> rules; ///< their meaning, null when they have no effect
    std::vector<std::string> remarks;       ///< what the operator should know
    std::string not_for_default{};          ///< why the default user may not have them, empty when it may
};

/// @brief Parses the attributes of users whose ids are of a given type.
///
/// It throws an isc::Exception naming the attribute when one has a bad value.
typedef std::function<Meaning(UserId::UserIdType, const PropertyMap&)> AttributeReader;

} // namespace user_chk

#endif // USER_CHK_REGISTRY_USER_ATTRIBUTES_H
