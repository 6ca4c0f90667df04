// SPDX-License-Identifier: MPL-2.0
// Defines IdPatterns: which ids in a table match more than one client.

#ifndef USER_CHK_REGISTRY_ID_PATTERNS_H
#define USER_CHK_REGISTRY_ID_PATTERNS_H

#include <identity/id_tag.h>
#include <user.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace user_chk {

/// @brief The lengths of the prefixes in use, and whether there is `random`. So looking up a client takes one
/// look-up for each length in use, and none when all ids are exact.
///
/// It only grows: when an id is removed, what it added stays, and costs a look-up that finds nothing.
class IdPatterns {
public:
    /// @brief Lengths of prefixes without duplicates, longest first.
    typedef std::vector<uint16_t> Lengths;

    /// @brief True when all ids are exact.
    bool empty() const { return !some_; }

    /// @brief True when there may be a `random`.
    bool hasRandom() const { return random_; }

    /// @brief Returns the lengths that prefixes of a type may have.
    const Lengths& lengths(UserId::UserIdType type) const { return lengths_[type]; }

    /// @brief Adds an id.
    void add(IdTag tag, size_t length) {
        if (tag.kind == UserId::Kind::PREFIX) {
            addLength(tag.type, static_cast<uint16_t>(length));
        }
        random_ = random_ || tag.kind == UserId::Kind::RANDOM;
        some_ = some_ || tag.kind != UserId::Kind::EXACT;
    }

    /// @brief Adds all ids of another table.
    void add(const IdPatterns& others) {
        if (others.empty()) {
            return;
        }
        for (size_t type = 0; type < lengths_.size(); ++type) {
            for (const uint16_t length : others.lengths_[type]) {
                addLength(static_cast<UserId::UserIdType>(type), length);
            }
        }
        random_ = random_ || others.random_;
        some_ = true;
    }

private:
    void addLength(UserId::UserIdType type, uint16_t length) {
        Lengths& lengths = lengths_[type];
        const auto at = std::lower_bound(lengths.begin(), lengths.end(), length, std::greater<>());
        if (at == lengths.end() || *at != length) {
            lengths.insert(at, length);
        }
    }

    std::array<Lengths, UserId::TYPES> lengths_;
    bool random_ = false;
    bool some_ = false;
};

} // namespace user_chk

#endif // USER_CHK_REGISTRY_ID_PATTERNS_H
