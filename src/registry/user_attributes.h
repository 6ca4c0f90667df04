// SPDX-License-Identifier: MPL-2.0
// Defines the attributes of users as the registry keeps them: as they were read, and as others understand
// them.

#ifndef USER_CHK_REGISTRY_USER_ATTRIBUTES_H
#define USER_CHK_REGISTRY_USER_ATTRIBUTES_H

#include <registry/other_ids.h>
#include <user.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace user_chk {

struct UserRules; // what attributes mean for a query; the registry only keeps it

/// @brief Attributes that users have in common. Immutable.
struct UserAttributes {
    PropertyMap properties;                 ///< names and values, as they were read
    std::shared_ptr<const UserRules> rules; ///< what they mean, null when they mean nothing
    std::shared_ptr<const RecordIds> ids{}; ///< those of the record, null when it has one alone
};

/// @brief What reading the meaning of attributes came to.
struct Meaning {
    std::shared_ptr<const UserRules> rules; ///< what they mean, null when they mean nothing
    std::vector<std::string> remarks;       ///< what the operator should know
    std::string not_for_default{};          ///< why the default user may not have them, empty when it may
};

/// @brief Reads the meaning of the attributes of users whose ids are of a type.
///
/// It throws an isc::Exception that names the attribute when one has a bad value.
typedef std::function<Meaning(UserId::UserIdType, const PropertyMap&)> AttributeReader;

} // namespace user_chk

#endif // USER_CHK_REGISTRY_USER_ATTRIBUTES_H
