// SPDX-License-Identifier: MPL-2.0
// Defines the attribute `other-ids`, by which a record has several identifiers.

#ifndef USER_CHK_REGISTRY_OTHER_IDS_H
#define USER_CHK_REGISTRY_OTHER_IDS_H

#include <user.h>

#include <string>
#include <vector>

namespace user_chk {

/// @brief The name of the attribute.
constexpr const char* OTHER_IDS = "other-ids";

/// @brief The ids of a record that has several.
struct RecordIds {
    UserId main;                ///< by which it is counted, listed and written
    std::vector<UserId> others; ///< by which it is found too, at least one
};

/// @brief Reads the value of the attribute: `TYPE=ID`, each as a record has them, with commas and blanks
/// between. A text in single quotes may have these in it.
///
/// @param main the id of the record
/// @param value the attribute's
/// @return the other ids; none for a value that is blank.
/// @throw isc::BadValue naming the attribute when it says anything else, or an id twice, or the record or an
/// id is a default user's.
std::vector<UserId> parseOtherIds(const UserId& main, const std::string& value);

/// @brief The other ids of a record, see parseOtherIds(); none where it has no such attribute.
///
/// @param main the id of the record
/// @param attributes pairs of names and values
/// @throw isc::BadValue as parseOtherIds() does.
template <typename Attributes>
std::vector<UserId> otherIdsIn(const UserId& main, const Attributes& attributes) {
    for (const auto& [name, value] : attributes) {
        if (name == OTHER_IDS) {
            return parseOtherIds(main, std::string(value));
        }
    }
    return {};
}

} // namespace user_chk

#endif // USER_CHK_REGISTRY_OTHER_IDS_H
