// SPDX-License-Identifier: MPL-2.0
// Declares the hash of bytes by which clients and users are found.

#ifndef USER_CHK_SYSTEM_HASH_H
#define USER_CHK_SYSTEM_HASH_H

#include <cstdint>
#include <string_view>

namespace user_chk {

/// @brief Returns a random number, which is the same as long as the process runs.
///
/// @throw std::exception at the first call, when the system has no random numbers
uint64_t secretSeed();

/// @brief Returns a hash of bytes in which all bits are significant; quick for short ones.
///
/// @param bytes what is hashed
/// @param seed the hash depends on it. When it is secret, nobody outside can choose ids that have the same
/// hash, which would all be in one bucket of an index.
uint64_t hashOf(std::string_view bytes, uint64_t seed = secretSeed());

} // namespace user_chk

#endif // USER_CHK_SYSTEM_HASH_H
