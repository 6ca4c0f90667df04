// SPDX-License-Identifier: MPL-2.0
// Defines Digest, by which equal registries are recognized, wherever and however they were written.

#ifndef USER_CHK_REGISTRY_REGISTRY_DIGEST_H
#define USER_CHK_REGISTRY_REGISTRY_DIGEST_H

#include <identity/id_tag.h>
#include <user.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace user_chk {

/// @brief A 128-bit digest of one or more users, or of their attributes.
///
/// The digest of several users is the sum of their digests. So their order does not matter, and a change
/// costs one subtraction and one addition. It is the same on all machines and in all releases. It detects
/// accidental differences, but does not protect against someone who deliberately constructs two registries
/// with the same digest.
struct Digest {
    uint64_t high = 0; ///< the more significant half
    uint64_t low = 0;  ///< the less significant half

    /// @brief Adds a digest.
    Digest& operator+=(const Digest& other) {
        low += other.low;
        high += other.high + (low < other.low ? 1 : 0);
        return *this;
    }

    /// @brief Subtracts a digest.
    Digest& operator-=(const Digest& other) {
        high -= other.high + (low < other.low ? 1 : 0);
        low -= other.low;
        return *this;
    }

    /// @brief Returns 32 hex digits.
    std::string text() const;
};

/// @brief Returns the digest of attributes.
Digest digestOf(const PropertyMap& attributes);

/// @brief Returns the digest of a user.
///
/// @param tag the type and kind of the id
/// @param id the bytes of the id
/// @param length the number of bytes
/// @param attributes the digest of the user's attributes
Digest digestOf(IdTag tag, const uint8_t* id, size_t length, const Digest& attributes);

} // namespace user_chk

#endif // USER_CHK_REGISTRY_REGISTRY_DIGEST_H
