// SPDX-License-Identifier: MPL-2.0
// Defines TableFiller, which adds many users to a table.

#ifndef USER_CHK_REGISTRY_TABLE_FILLER_H
#define USER_CHK_REGISTRY_TABLE_FILLER_H

#include <registry/user_table.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace user_chk {

/// @brief Adds users to a table in batches: while it reads a batch, the processor prefetches the slots. Not
/// thread-safe.
class TableFiller {
public:
    /// @brief A user that was read but is not in the table yet. See UserTable::insert().
    struct User {
        IdTag tag = UserId::HW_ADDRESS; ///< the type and kind of the id
        std::vector<uint8_t> id;        ///< the bytes of the id
        uint32_t set;                   ///< the number of the attribute set
        size_t line;                    ///< the line where the user was read
        uint32_t note;                  ///< what the source stores with the user

        /// @brief Returns the id.
        UserId userId() const { return {tag.type, id, tag.kind}; }
    };

    /// @brief Takes a user whose id is already in the table. Its exceptions leave add() or settle(), which
    /// then discard the waiting users.
    typedef std::function<void(const User&)> TakeSecond;

    /// @brief Creates a filler for a table, which must outlive it.
    TableFiller(UserTable& table, TakeSecond take_second)
        : table_(table), take_second_(std::move(take_second)) {}

    /// @brief Adds a user whose attributes UserTable::prepare() has read. When the batch isFull(), adds the
    /// waiting users to the table first.
    void add(IdTag tag, const std::vector<uint8_t>& id, uint32_t set, size_t line, uint32_t note) {
        if (isFull()) {
            settle();
        }
        User& user = waiting_[count_++];
        user.tag = tag;
        user.id.assign(id.begin(), id.end());
        user.set = set;
        user.line = line;
        user.note = note;
    }

    /// @brief True when the next add() must settle() first.
    bool isFull() const { return count_ == waiting_.size(); }

    /// @brief Puts all waiting users into the table. Call it before anything else uses the table.
    void settle() {
        const size_t count = std::exchange(count_, 0);
        std::for_each(waiting_.begin(), waiting_.begin() + count, [this](const User& user) {
            if (!table_.insert(user.tag, user.id, user.set, user.line, user.note)) {
                take_second_(user);
            }
        });
    }

private:
    UserTable& table_;
    const TakeSecond take_second_;
    std::array<User, 32> waiting_;
    size_t count_ = 0; // number of waiting users
};

} // namespace user_chk

#endif // USER_CHK_REGISTRY_TABLE_FILLER_H
