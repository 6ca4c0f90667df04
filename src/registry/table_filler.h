// SPDX-License-Identifier: MPL-2.0
// Defines TableFiller, which puts many users into a table.

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

/// @brief Puts users into a table, several together: while they are read, the processor fetches the places
/// where they will lie. For one thread.
class TableFiller {
public:
    /// @brief A user who is read, and is not in the table yet. See UserTable::insert().
    struct User {
        IdTag tag = UserId::HW_ADDRESS; ///< what the id is
        std::vector<uint8_t> id;        ///< its bytes
        uint32_t set;                   ///< the number of the attributes
        size_t line;                    ///< where it was read
        uint32_t note;                  ///< what its source keeps with it

        /// @brief The id.
        UserId userId() const { return {tag.type, id, tag.kind}; }
    };

    /// @brief Takes a user whose id is in the table already. What it throws comes out of add() or settle();
    /// the users that wait are then forgotten.
    typedef std::function<void(const User&)> TakeSecond;

    /// @brief Fills a table, which must stay.
    TableFiller(UserTable& table, TakeSecond take_second)
        : table_(table), take_second_(std::move(take_second)) {}

    /// @brief Adds a user, whose attributes UserTable::prepare() has read. Where it isFull(), the users that
    /// wait go into the table before.
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

    /// @brief True when the next add() has to settle() first.
    bool isFull() const { return count_ == waiting_.size(); }

    /// @brief Has all users that were added in the table. To be called before anything else uses that.
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
    size_t count_ = 0; // of those that wait
};

} // namespace user_chk

#endif // USER_CHK_REGISTRY_TABLE_FILLER_H
