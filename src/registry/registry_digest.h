// SPDX-License-Identifier: MPL-2.0
// Defines Digest: by what registries are told to be the same, wherever and however they were written.

#ifndef USER_CHK_REGISTRY_REGISTRY_DIGEST_H
#define USER_CHK_REGISTRY_REGISTRY_DIGEST_H

#include <identity/id_tag.h>
#include <user.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace user_chk {

/// @brief A number of 128 bits that stands for users, or for what they have in common.
///
/// That of several users is the sum of theirs, so their order makes no difference, and a change costs one
/// subtraction and one addition. It is the same on all machines and in all releases. It tells what differs by
/// accident; it is no defence against somebody who makes two registries alike on purpose.
struct Digest {
    uint64_t high = 0; ///< the more significant half
    uint64_t low = 0;  ///< the other one

    /// @brief Adds a number.
    Digest& operator+=(const Digest& other) {
        low += other.low;
        high += other.high + (low < other.low ? 1 : 0);
        return *this;
    }

    /// @brief Takes a number away.
    Digest& operator-=(const Digest& other) {
        high -= other.high + (low < other.low ? 1 : 0);
        low -= other.low;
        return *this;
    }

    /// @brief 32 hex digits.
    std::string text() const;
};

/// @brief The digest of attributes.
Digest digestOf(const PropertyMap& attributes);

/// @brief The digest of a user.
///
/// @param tag what the id is
/// @param id its bytes
/// @param length how many they are
/// @param attributes the digest of the user's attributes
Digest digestOf(IdTag tag, const uint8_t* id, size_t length, const Digest& attributes);

} // namespace user_chk

#endif // USER_CHK_REGISTRY_REGISTRY_DIGEST_H
