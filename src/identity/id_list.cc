// SPDX-License-Identifier: MPL-2.0
// Implements IdList.

#include <identity/id_list.h>

#include <boost/endian/conversion.hpp>

#include <algorithm>

namespace user_chk {

namespace {

constexpr size_t LENGTH_AT = 1;
constexpr size_t ID_AT = LENGTH_AT + sizeof(uint32_t);

} // namespace

void IdList::add(UserId::UserIdType type, const std::vector<uint8_t>& id) {
    if (id.empty()) {
        return;
    }
    const size_t at = bytes_.size();
    bytes_.resize(at + ID_AT + id.size());
    bytes_[at] = static_cast<uint8_t>(type);
    boost::endian::store_big_u32(&bytes_[at + LENGTH_AT], static_cast<uint32_t>(id.size()));
    std::copy(id.begin(), id.end(), &bytes_[at + ID_AT]);
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
