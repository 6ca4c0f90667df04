// SPDX-License-Identifier: MPL-2.0
// Implements UserTable.

#include <registry/user_table.h>

#include <exceptions/exceptions.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace user_chk {

namespace {

constexpr size_t FEWEST_SLOTS = 16;

// Of four slots at most three are taken, which keeps the way to a free one short.
bool isCrowded(size_t users, size_t slots) {
    return users * 4 > slots * 3;
}

// Appends a text so that no two lists of texts make the same key.
void appendToKey(std::string& key, std::string_view text) {
    const auto length = static_cast<uint32_t>(text.size());
    key.append(reinterpret_cast<const char*>(&length), sizeof(length));
    key.append(text);
}

} // namespace

size_t UserTable::hash(UserId::UserIdType type, const std::vector<uint8_t>& id) {
    const std::string_view bytes(reinterpret_cast<const char*>(id.data()), id.size());
    return std::hash<std::string_view>()(bytes) + static_cast<size_t>(type);
}

void UserTable::reserve(size_t users) {
    size_t slots = FEWEST_SLOTS;
    while (isCrowded(users, slots)) {
        slots *= 2;
    }
    if (slots > slots_.size()) {
        rehash(slots);
    }
}

void UserTable::rehash(size_t slots) {
    Slots old(slots);
    old.swap(slots_);
    for (const Slot& slot : old) {
        if (slot.key.length != 0) {
            slots_[findSlot(static_cast<UserId::UserIdType>(slot.key.type), idOf(slot.key))] = slot;
        }
    }
}

// The slot of this id, or the free one that it would take.
size_t UserTable::findSlot(UserId::UserIdType type, const std::vector<uint8_t>& id) const {
    const size_t mask = slots_.size() - 1;
    size_t at = hash(type, id) & mask;
    while (slots_[at].key.length != 0 && !holds(slots_[at].key, type, id)) {
        at = (at + 1) & mask;
    }
    return at;
}

bool UserTable::holds(const Key& key, UserId::UserIdType type, const std::vector<uint8_t>& id) const {
    if (key.type != type || key.length != id.size()) {
        return false;
    }
    if (id.size() <= key.bytes.size()) {
        return std::memcmp(key.bytes.data(), id.data(), id.size()) == 0;
    }
    return idOf(key) == id;
}

std::vector<uint8_t> UserTable::idOf(const Key& key) const {
    if (key.length <= key.bytes.size()) {
        return {key.bytes.begin(), key.bytes.begin() + key.length};
    }
    size_t number = 0;
    std::memcpy(&number, key.bytes.data(), sizeof(number));
    return long_ids_[number];
}

UserTable::Key UserTable::makeKey(UserId::UserIdType type, const std::vector<uint8_t>& id) {
    Key key = {};
    key.type = static_cast<uint8_t>(type);
    key.length = static_cast<uint16_t>(id.size());
    if (id.size() <= key.bytes.size()) {
        std::copy(id.begin(), id.end(), key.bytes.begin());
    } else {
        const size_t number = long_ids_.size();
        std::memcpy(key.bytes.data(), &number, sizeof(number));
        long_ids_.push_back(id);
    }
    return key;
}

// The number of the set that has these attributes, made if there is none.
uint32_t UserTable::numberOf(UserId::UserIdType type, const AttributeList& attributes) {
    set_key_.assign(1, static_cast<char>(type));
    for (const auto& [name, value] : attributes) {
        appendToKey(set_key_, name);
        appendToKey(set_key_, value);
    }
    const auto number = set_numbers_.find(set_key_);
    if (number != set_numbers_.end()) {
        return number->second;
    }
    const auto next = static_cast<uint32_t>(sets_.size());
    sets_.push_back(read(type, attributes));
    set_numbers_.emplace(set_key_, next);
    return next;
}

UserTable::AttributeSet UserTable::read(UserId::UserIdType type, const AttributeList& attributes) const {
    AttributeSet set;
    for (const auto& [name, value] : attributes) {
        set.attributes.properties.emplace(name, value);
    }
    if (reader_) {
        Meaning meaning = reader_(type, set.attributes.properties);
        set.attributes.rules = std::move(meaning.rules);
        set.remarks = std::move(meaning.remarks);
    }
    return set;
}

void UserTable::remark(const std::string& text, size_t line) {
    const auto same =
        std::find_if(remarks_.begin(), remarks_.end(), [&](const Remark& made) { return made.text == text; });
    if (same != remarks_.end()) {
        ++same->users;
    } else if (remarks_.size() < MOST_REMARKS) {
        remarks_.push_back({text, 1, line});
    }
}

bool UserTable::add(UserId::UserIdType type, const std::vector<uint8_t>& id, const AttributeList& attributes,
                    size_t line) {
    if (id.empty() || id.size() > std::numeric_limits<uint16_t>::max()) {
        isc_throw(isc::BadValue, "invalid id of " << id.size() << " bytes, must be 1 to "
                                                  << std::numeric_limits<uint16_t>::max());
    }
    reserve(size_ + 1);
    Slot& slot = slots_[findSlot(type, id)];
    if (slot.key.length != 0) {
        return false;
    }
    const uint32_t number = numberOf(type, attributes);
    slot = {makeKey(type, id), number, static_cast<uint32_t>(line)};
    ++size_;
    for (const std::string& text : sets_[number].remarks) {
        remark(text, line);
    }
    return true;
}

void UserTable::seal() {
    std::unordered_map<std::string, uint32_t>().swap(set_numbers_);
}

const UserTable::Slot* UserTable::findTaken(UserId::UserIdType type, const std::vector<uint8_t>& id) const {
    if (slots_.empty()) {
        return nullptr;
    }
    const Slot& slot = slots_[findSlot(type, id)];
    return slot.key.length != 0 ? &slot : nullptr;
}

size_t UserTable::lineOf(UserId::UserIdType type, const std::vector<uint8_t>& id) const {
    const Slot* slot = findTaken(type, id);
    return slot != nullptr ? slot->line : 0;
}

const UserAttributes* UserTable::find(UserId::UserIdType type, const std::vector<uint8_t>& id) const {
    const Slot* slot = findTaken(type, id);
    return slot != nullptr ? &sets_[slot->attributes].attributes : nullptr;
}

void UserTable::forEach(const std::function<void(const UserId&, const PropertyMap&)>& visit) const {
    for (const Slot& slot : slots_) {
        if (slot.key.length != 0) {
            const UserId id(static_cast<UserId::UserIdType>(slot.key.type), idOf(slot.key));
            visit(id, sets_[slot.attributes].attributes.properties);
        }
    }
}

} // namespace user_chk
