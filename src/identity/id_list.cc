// SPDX-License-Identifier: MPL-2.0
// Implements IdList.

#include <identity/id_list.h>

#include <boost/endian/conversion.hpp>

#include <array>

namespace user_chk {

namespace {

constexpr size_t LENGTH_AT = 1;
constexpr size_t ID_AT = LENGTH_AT + sizeof(uint32_t);

} // namespace

void IdList::add(UserId::UserIdType type, const std::vector<uint8_t>& id) {
    if (id.empty()) {
        return;
    }
    std::array<uint8_t, ID_AT> head = {static_cast<uint8_t>(type)};
    boost::endian::store_big_u32(&head[LENGTH_AT], static_cast<uint32_t>(id.size()));
    bytes_.insert(bytes_.end(), head.begin(), head.end());
    bytes_.insert(bytes_.end(), id.begin(), id.end());
}

std::vector<UserId> IdList::ids() const {
    std::vector<UserId> ids;
    for (size_t at = 0; at < bytes_.size();) {
        const auto type = static_cast<UserId::UserIdType>(bytes_[at]);
        const auto id = bytes_.begin() + static_cast<std::ptrdiff_t>(at + ID_AT);
        const uint32_t length = boost::endian::load_big_u32(&bytes_[at + LENGTH_AT]);
        ids.emplace_back(type, std::vector<uint8_t>(id, id + length));
        at += ID_AT + length;
    }
    return ids;
}

} // namespace user_chk
