// SPDX-License-Identifier: MPL-2.0
// Implements UserTable.

#include <registry/user_table.h>

#include <identity/id_remarks.h>
#include <system/utf8.h>

#include <exceptions/exceptions.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <tuple>

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

// Bytes of an id as a number, the first one most significant; 0 stands for those behind its end.
uint64_t leading(const uint8_t* id, size_t length, size_t first, size_t count) {
    uint64_t number = 0;
    for (size_t i = first; i < first + count; ++i) {
        number = number << 8 | (i < length ? id[i] : 0);
    }
    return number;
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

const uint8_t* UserTable::bytesOf(const Key& key) const {
    if (key.length <= key.bytes.size()) {
        return key.bytes.data();
    }
    size_t number = 0;
    std::memcpy(&number, key.bytes.data(), sizeof(number));
    return long_ids_[number].data();
}

std::vector<uint8_t> UserTable::idOf(const Key& key) const {
    return {bytesOf(key), bytesOf(key) + key.length};
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
    set.digest = digestOf(set.attributes.properties);
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
    if (reader_ && isDefaultId(id)) {
        checkForId(reader_(type, PropertyMap(attributes.begin(), attributes.end())), id);
    }
    const uint32_t number = numberOf(type, attributes);
    slot = {makeKey(type, id), number, static_cast<uint32_t>(line)};
    ++size_;
    ++sizes_.at(type);
    const AttributeSet& set = sets_[number];
    digest_ += digestOf(type, id.data(), id.size(), set.digest);
    for (const std::string& text : set.remarks) {
        remark(printable(text), line);
    }
    remarkOnId(type, id, line);
    return true;
}

void UserTable::remarkOnId(UserId::UserIdType type, const std::vector<uint8_t>& id, size_t line) {
    std::vector<std::string> remarks;
    user_chk::remarkOnId(type, id, remarks);
    for (const std::string& text : remarks) {
        remark(text, line);
    }
}

void UserTable::seal() {
    std::unordered_map<std::string, uint32_t>().swap(set_numbers_);
    sort();
}

// Two numbers that compare as a key does up to the fifteenth byte of its id lie next to the slot's number, so
// that sorting seldom looks into the table.
void UserTable::sort() {
    struct Place {
        uint64_t high;
        uint64_t low;
        uint32_t slot;
    };
    std::vector<Place> places;
    places.reserve(size_);
    for (uint32_t number = 0; number < slots_.size(); ++number) {
        const Key& key = slots_[number].key;
        if (key.length != 0) {
            const uint8_t* id = bytesOf(key);
            places.push_back({leading(id, key.length, 0, 7) | uint64_t(key.type) << 56,
                              leading(id, key.length, 7, 8), number});
        }
    }
    std::sort(places.begin(), places.end(), [this](const Place& a, const Place& b) {
        return std::tie(a.high, a.low) != std::tie(b.high, b.low)
                   ? std::tie(a.high, a.low) < std::tie(b.high, b.low)
                   : idOf(slots_[a.slot].key) < idOf(slots_[b.slot].key);
    });
    order_.clear();
    order_.reserve(places.size());
    for (const Place& place : places) {
        order_.push_back(place.slot);
    }
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
            visit(userIdOf(slot), sets_[slot.attributes].attributes.properties);
        }
    }
}

void UserTable::forEachAfter(const std::optional<UserId>& from, size_t limit,
                             const std::function<void(const UserId&, const PropertyMap&)>& visit) const {
    auto at = order_.begin();
    if (from) {
        at = std::upper_bound(at, order_.end(), *from, [this](const UserId& id, uint32_t slot) {
            return id < userIdOf(slots_[slot]);
        });
    }
    for (size_t count = 0; at != order_.end() && count < limit; ++at, ++count) {
        const Slot& slot = slots_[*at];
        visit(userIdOf(slot), sets_[slot.attributes].attributes.properties);
    }
}

UserId UserTable::userIdOf(const Slot& slot) const {
    return {static_cast<UserId::UserIdType>(slot.key.type), idOf(slot.key)};
}

} // namespace user_chk
