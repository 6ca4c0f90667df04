// SPDX-License-Identifier: MPL-2.0
// Implements TableFiller.

#include <registry/table_filler.h>

#include <algorithm>
#include <utility>

namespace user_chk {

void TableFiller::add(UserId::UserIdType type, const std::vector<uint8_t>& id, uint32_t set, size_t line,
                      uint32_t block) {
    if (isFull()) {
        settle();
    }
    User& user = waiting_[count_++];
    user.type = type;
    user.id.assign(id.begin(), id.end());
    user.set = set;
    user.line = line;
    user.block = block;
}

void TableFiller::settle() {
    const size_t count = std::exchange(count_, 0);
    std::for_each(waiting_.begin(), waiting_.begin() + count, [this](const User& user) {
        if (!table_.insert(user.type, user.id, user.set, user.line, user.block)) {
            take_second_(user);
        }
    });
}

} // namespace user_chk
