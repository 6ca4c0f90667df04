// SPDX-License-Identifier: MPL-2.0
// Declares the hash of bytes by which clients and users are found.

#ifndef USER_CHK_SYSTEM_HASH_H
#define USER_CHK_SYSTEM_HASH_H

#include <cstdint>
#include <string_view>

namespace user_chk {

/// @brief Returns a hash of bytes in which all bits are significant; quick for short ones. Others can find
/// bytes with the same hash.
uint64_t hashOf(std::string_view bytes);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_HASH_H
