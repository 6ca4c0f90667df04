// SPDX-License-Identifier: MPL-2.0
// Defines what is checked of the identifiers of users, and what there is to remark on them.

#ifndef USER_CHK_REGISTRY_ID_REMARKS_H
#define USER_CHK_REGISTRY_ID_REMARKS_H

#include <identity/id_tag.h>
#include <registry/user_attributes.h>
#include <user.h>

#include <cstdint>
#include <string>
#include <vector>

namespace user_chk {

/// @brief Whether an id is the one of the default user of a protocol: a hardware address or a DUID of four
/// bytes of zeroes.
bool isDefaultId(IdTag tag, const std::vector<uint8_t>& id);

/// @brief Checks that a user with this id may have attributes that mean this.
///
/// @throw isc::BadValue saying why not.
void checkForId(const Meaning& meaning, IdTag tag, const std::vector<uint8_t>& id);

/// @brief Remarks on an id that a client will hardly have: a hardware address that Ethernet does not have, or
/// a DUID of another length than they have (RFC 8415 section 11.1). A prefix may be shorter. The remarks do
/// not name the id.
///
/// @param tag what the id is
/// @param id its bytes
/// @param remarks takes the remark, if there is one
void remarkOnId(IdTag tag, const std::vector<uint8_t>& id, std::vector<std::string>& remarks);

} // namespace user_chk

#endif // USER_CHK_REGISTRY_ID_REMARKS_H
