// SPDX-License-Identifier: MPL-2.0
// Defines IdList, a list of ids in little memory.

#ifndef USER_CHK_IDENTITY_ID_LIST_H
#define USER_CHK_IDENTITY_ID_LIST_H

#include <user.h>

#include <cstdint>
#include <vector>

namespace user_chk {

/// @brief A list of exact ids, in a single piece of memory that is used again. Not thread-safe.
class IdList {
public:
    /// @brief Makes the list empty, and keeps its memory.
    void clear() { bytes_.clear(); }

    /// @brief Appends an id, unless it has no bytes.
    ///
    /// @param type the type of the id
    /// @param id its bytes, less than 4 GB
    void add(UserId::UserIdType type, const std::vector<uint8_t>& id);

    /// @brief Returns the ids in their order.
    std::vector<UserId> ids() const;

private:
    std::vector<uint8_t> bytes_; // of each id its type, its length in four bytes, and its bytes
};

} // namespace user_chk

#endif // USER_CHK_IDENTITY_ID_LIST_H
