// SPDX-License-Identifier: MPL-2.0
// Parses the attribute `other-ids`, which gives a record more than one identifier.

#ifndef USER_CHK_REGISTRY_OTHER_IDS_H
#define USER_CHK_REGISTRY_OTHER_IDS_H

#include <user.h>

#include <string>
#include <vector>

namespace user_chk {

/// @brief The name of the attribute.
constexpr const char* OTHER_IDS = "other-ids";

/// @brief The ids of a record that has more than one.
struct RecordIds {
    UserId main;                ///< the id by which the record is counted, listed and written
    std::vector<UserId> others; ///< further ids that match it, at least one
};

/// @brief Parses the value of the attribute: a list of `TYPE=ID`, with TYPE and ID as in a record, separated
/// by commas and blanks. A string in single quotes may contain these.
///
/// @param main the id of the record
/// @param value the value of the attribute
/// @return the other ids; none when the value is blank.
/// @throw isc::BadValue naming the attribute when the value has any other form, an id is repeated, or the
/// record or one of the ids is a default user's.
std::vector<UserId> parseOtherIds(const UserId& main, const std::string& value);

/// @brief Returns the other ids of a record, see parseOtherIds(); none when it has no such attribute.
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
