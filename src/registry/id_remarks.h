// SPDX-License-Identifier: MPL-2.0
// Checks the identifiers of users, and warns of unlikely ones.

#ifndef USER_CHK_REGISTRY_ID_REMARKS_H
#define USER_CHK_REGISTRY_ID_REMARKS_H

#include <identity/id_tag.h>
#include <registry/user_attributes.h>
#include <user.h>

#include <cstdint>
#include <string>
#include <vector>

namespace user_chk {

/// @brief Returns the id of a protocol's default user: four zero bytes.
///
/// @param type that of a hardware address or a DUID
UserId defaultIdOf(UserId::UserIdType type);

/// @brief Whether an id is that of a protocol's default user.
bool isDefaultId(IdTag tag, const std::vector<uint8_t>& id);

/// @brief Checks that a user with this id may have attributes with this meaning.
///
/// @throw isc::BadValue saying why not.
void checkForId(const Meaning& meaning, IdTag tag, const std::vector<uint8_t>& id);

/// @brief Warns of an id that no client is likely to have: a hardware address that Ethernet does not allow,
/// or a DUID with a length that DUIDs cannot have (RFC 8415 section 11.1). A prefix may be shorter. The
/// remarks do not name the id.
///
/// @param tag the type and kind of the id
/// @param id the bytes of the id
/// @param remarks receives the remark, if there is one
void remarkOnId(IdTag tag, const std::vector<uint8_t>& id, std::vector<std::string>& remarks);

} // namespace user_chk

#endif // USER_CHK_REGISTRY_ID_REMARKS_H
