// SPDX-License-Identifier: MPL-2.0
// Defines IdTag: the type of an id, and how it is compared with the ids of clients.

#ifndef USER_CHK_IDENTITY_ID_TAG_H
#define USER_CHK_IDENTITY_ID_TAG_H

#include <system/hash.h>

#include <user.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace user_chk {

/// @brief The parts of a UserId other than its bytes. A type converts to the tag of an exact id.
struct IdTag {
    /// @brief Creates a tag from its parts.
    IdTag(UserId::UserIdType of_type, UserId::Kind of_kind = UserId::Kind::EXACT)
        : type(of_type), kind(of_kind) {}

    /// @brief Creates the tag of an id.
    explicit IdTag(const UserId& id) : type(id.getType()), kind(id.getKind()) {}

    /// @brief True when both parts are equal.
    bool operator==(const IdTag& other) const { return type == other.type && kind == other.kind; }

    /// @brief Returns the tag as a number; for an exact id that is the number of its type.
    uint8_t number() const {
        return static_cast<uint8_t>(static_cast<unsigned>(type) | static_cast<unsigned>(kind) << TYPE_BITS);
    }

    /// @brief Returns the tag that has a number.
    static IdTag numbered(uint8_t number) {
        return {typeOf(number), static_cast<UserId::Kind>(number >> TYPE_BITS)};
    }

    /// @brief Returns the type of the tag that has a number.
    static UserId::UserIdType typeOf(uint8_t number) {
        return static_cast<UserId::UserIdType>(number & ((1U << TYPE_BITS) - 1));
    }

    UserId::UserIdType type; ///< the type of the bytes
    UserId::Kind kind;       ///< how they are compared

private:
    static constexpr unsigned TYPE_BITS = 4;
};

/// @brief Returns the bytes of an id as a string view, for comparison and hashing. It is valid as long as the
/// bytes.
inline std::string_view viewOf(const std::vector<uint8_t>& id) {
    return {reinterpret_cast<const char*>(id.data()), id.size()};
}

/// @brief A hash of an id in which all bits are significant.
struct HashOfId {
    /// @brief Returns the hash.
    size_t operator()(const UserId& id) const {
        constexpr uint64_t SPREAD = 0x9e3779b97f4a7c15; // an odd number without a pattern
        return hashOf(viewOf(id.getId()), seed) + IdTag(id).number() * SPREAD;
    }

    uint64_t seed = secretSeed(); ///< as for hashOf()
};

/// @brief The single byte of the id `random`: the bit that marks a locally administered address in its first
/// byte (IEEE 802, U/L).
constexpr uint8_t RANDOM_ID = 0x02;

/// @brief Whether a hardware address may have been made up by its device: 6 bytes, locally administered, and
/// not a group address.
inline bool isMadeUp(const std::vector<uint8_t>& address) {
    constexpr size_t ETHERNET = 6;
    constexpr uint8_t GROUP = 0x01;
    return address.size() == ETHERNET && (address.front() & (RANDOM_ID | GROUP)) == RANDOM_ID;
}

} // namespace user_chk

#endif // USER_CHK_IDENTITY_ID_TAG_H
