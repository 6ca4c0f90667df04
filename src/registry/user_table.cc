// SPDX-License-Identifier: MPL-2.0
// Implements UserTable.

#include <registry/user_table.h>

#include <registry/id_remarks.h>
#include <registry/sorted_numbers.h>
#include <system/hash.h>
#include <system/utf8.h>

#include <exceptions/exceptions.h>

#include <endian.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <utility>

namespace user_chk {

namespace {

constexpr size_t FEWEST_SLOTS = 16;

// Begins to fetch memory into the processor's cache, without waiting for it.
void prefetch(const void* memory) {
    __builtin_prefetch(memory);
    // A side effect of nothing: GCC omits calls of functions that do nothing but prefetch.
    asm volatile("");
}

// At most three of four slots are in use, so that the search for a free one stays short.
bool isCrowded(size_t users, size_t slots) {
    return users * 4 > slots * 3;
}

// Appends a text in such a way that different lists of texts have different keys.
void appendToKey(std::string& key, std::string_view text) {
    const auto length = static_cast<uint32_t>(text.size());
    key.append(reinterpret_cast<const char*>(&length), sizeof(length));
    key.append(text);
}

// Returns eight bytes as a big-endian number.
uint64_t numberAt(const char* bytes) {
    uint64_t number = 0;
    std::memcpy(&number, bytes, sizeof(number));
    return be64toh(number);
}

const uint8_t* dataOf(std::string_view id) {
    return reinterpret_cast<const uint8_t*>(id.data());
}

// A number by which different sets of a type rarely collide.
uint64_t keyOf(UserId::UserIdType type, const AttributeSet& set) {
    return set.digest.low + type;
}

// A set with other ids belongs to one record.
bool isSame(const AttributeSet& one, const AttributeSet& other) {
    const auto& ids = one.attributes.ids;
    const auto& other_ids = other.attributes.ids;
    return one.attributes.properties == other.attributes.properties &&
           (ids ? other_ids && ids->main == other_ids->main : !other_ids);
}

} // namespace

size_t UserTable::hash(uint8_t tag, std::string_view id) {
    return hashOf(id) + tag;
}

std::shared_ptr<UserTable> UserTable::merged(const UserTable& lower, const UserTable& upper,
                                             bool keep_marks) {
    auto table = std::make_shared<UserTable>();
    table->reserve(lower.size() + upper.size());
    std::unordered_map<uint64_t, uint32_t> numbers; // by the sets of the upper table
    const auto find = [&](UserId::UserIdType type, const AttributeSetPtr& set) {
        const auto found = numbers.find(keyOf(type, *set));
        return found != numbers.end() && isSame(*table->sets_[found->second], *set) ? found : numbers.end();
    };
    table->take(upper, nullptr, keep_marks, [&](UserId::UserIdType type, const AttributeSetPtr& set) {
        const auto found = find(type, set);
        return found != numbers.end() ? found->second : numbers[keyOf(type, *set)] = table->append(set);
    });
    table->take(lower, &upper, keep_marks, [&](UserId::UserIdType type, const AttributeSetPtr& set) {
        const auto found = find(type, set);
        if (found == numbers.end()) {
            return table->append(set);
        }
        table->sets_[found->second] = set; // an unchanged user keeps its set
        return found->second;
    });
    table->seal();
    return table;
}

// Copies what another table has and its overlay does not know. Looks up the number of each attribute set only
// once.
template <typename NumberOf>
void UserTable::take(const UserTable& other, const UserTable* upper, bool keep_marks,
                     const NumberOf& number_of) {
    std::vector<uint32_t> numbers(other.sets_.size(), GONE); // the numbers of the sets in this table
    for (const Slot& from : other.slots_) {
        const std::string_view id = other.idOf(from.key);
        if (id.empty() || (from.set == GONE && !keep_marks) ||
            (upper != nullptr && upper->findTaken(from.key.tag, id) != nullptr)) {
            continue;
        }
        if (from.set == GONE) {
            set(makeSlot(from.key.tag, id), GONE, from.note);
            continue;
        }
        uint32_t& number = numbers[from.set & ~OTHER];
        if (number == GONE) {
            const AttributeSetPtr& set = other.sets_[from.set & ~OTHER];
            number = number_of(
                set->attributes.ids ? set->attributes.ids->main.getType() : IdTag::typeOf(from.key.tag), set);
        }
        set(makeSlot(from.key.tag, id), number | (from.set & OTHER), from.note);
    }
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
            slots_[findSlot(slot.key.tag, idOf(slot.key))] = slot;
        }
    }
}

// Returns the slot of this id, or the free slot that it would take.
size_t UserTable::findSlot(uint8_t tag, std::string_view id, size_t hash) const {
    const size_t mask = slots_.size() - 1;
    size_t at = hash & mask;
    while (slots_[at].key.length != 0 && !holds(slots_[at].key, tag, id)) {
        at = (at + 1) & mask;
    }
    return at;
}

// Prefetches the slot of an id with this hash.
void UserTable::fetch(size_t hash) const {
    if (!slots_.empty()) {
        prefetch(&slots_[hash & (slots_.size() - 1)]);
    }
}

bool UserTable::holds(const Key& key, uint8_t tag, std::string_view id) const {
    return key.tag == tag && key.length == id.size() && idOf(key) == id;
}

std::string_view UserTable::idOf(const Key& key) const {
    if (key.length <= key.bytes.size()) {
        return {reinterpret_cast<const char*>(key.bytes.data()), key.length};
    }
    size_t number = 0;
    std::memcpy(&number, key.bytes.data(), sizeof(number));
    return viewOf(long_ids_[number]);
}

// Returns the slot of this id, creating it if needed; the caller fills it.
UserTable::Slot& UserTable::makeSlot(uint8_t tag, std::string_view id) {
    reserve(size_ + 1);
    Slot& slot = slots_[findSlot(tag, id)];
    if (slot.key.length != 0) {
        count(slot, false);
    } else {
        fill(slot, tag, id);
    }
    return slot;
}

// Assigns a free slot to an id.
void UserTable::fill(Slot& slot, uint8_t tag, std::string_view id) {
    slot.key.tag = tag;
    slot.key.length = static_cast<uint16_t>(id.size());
    if (id.size() <= slot.key.bytes.size()) {
        std::copy(id.begin(), id.end(), slot.key.bytes.begin());
    } else {
        const size_t number = long_ids_.size();
        std::memcpy(slot.key.bytes.data(), &number, sizeof(number));
        long_ids_.emplace_back(id.begin(), id.end());
    }
    patterns_.add(IdTag::numbered(tag), id.size());
    ++size_;
}

void UserTable::set(Slot& slot, uint32_t set, uint32_t note) {
    slot.set = set;
    slot.note = note;
    count(slot, true);
}

// Adds or removes what a slot holds in the counts.
void UserTable::count(const Slot& slot, bool in) {
    if (slot.set == GONE) {
        return;
    }
    if (isOther(slot)) {
        others_ += in ? 1 : -1;
        return;
    }
    const std::string_view id = idOf(slot.key);
    const IdTag tag = IdTag::numbered(slot.key.tag);
    const Digest digest = digestOf(tag, dataOf(id), id.size(), sets_[slot.set]->digest);
    if (in) {
        ++sizes_.at(tag.type);
        digest_ += digest;
    } else {
        --sizes_.at(tag.type);
        digest_ -= digest;
    }
}

// Returns the number of the set with these attributes, creating it if needed.
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

// Returns the number of a new set that no other user may share.
uint32_t UserTable::numberOfOwn(const UserId& main, std::vector<UserId> others,
                                const AttributeList& attributes) {
    const std::shared_ptr<AttributeSet> set = read(main.getType(), attributes);
    set->attributes.ids = std::make_shared<const RecordIds>(RecordIds{main, std::move(others)});
    return append(set);
}

std::shared_ptr<AttributeSet> UserTable::read(UserId::UserIdType type,
                                              const AttributeList& attributes) const {
    auto set = std::make_shared<AttributeSet>();
    for (const auto& [name, value] : attributes) {
        set->attributes.properties.emplace(name, value);
    }
    set->digest = digestOf(set->attributes.properties);
    if (reader_) {
        Meaning meaning = reader_(type, set->attributes.properties);
        set->attributes.rules = std::move(meaning.rules);
        set->remarks = std::move(meaning.remarks);
    }
    return set;
}

void UserTable::remark(const std::string& text, size_t line) {
    if (take_remark_) {
        take_remark_(text, line);
    }
    const auto same =
        std::find_if(remarks_.begin(), remarks_.end(), [&](const Remark& made) { return made.text == text; });
    if (same != remarks_.end()) {
        ++same->users;
    } else if (remarks_.size() < MOST_REMARKS) {
        remarks_.push_back({text, 1, line});
    }
}

bool UserTable::add(IdTag tag, const std::vector<uint8_t>& id, const AttributeList& attributes, size_t line,
                    uint32_t note) {
    return insert(tag, id, prepare(tag, id, attributes), line, note);
}

void UserTable::prepare(IdTag tag, const std::vector<uint8_t>& id) {
    if (id.empty() || id.size() > std::numeric_limits<uint16_t>::max()) {
        isc_throw(isc::BadValue, "invalid id of " << id.size() << " bytes, must be 1 to "
                                                  << std::numeric_limits<uint16_t>::max());
    }
    reserve(size_ + 1);
    fetch(hash(tag.number(), viewOf(id)));
}

uint32_t UserTable::prepare(IdTag tag, const std::vector<uint8_t>& id, const AttributeList& attributes) {
    prepare(tag, id);
    if (reader_ && isDefaultId(tag, id)) {
        checkForId(reader_(tag.type, PropertyMap(attributes.begin(), attributes.end())), tag, id);
    }
    const bool has_others = std::any_of(attributes.begin(), attributes.end(),
                                        [](const auto& attribute) { return attribute.first == OTHER_IDS; });
    if (has_others) {
        const UserId main(tag.type, id, tag.kind);
        std::vector<UserId> others = otherIdsIn(main, attributes);
        if (!others.empty()) {
            return numberOfOwn(main, std::move(others), attributes);
        }
    }
    return numberOf(tag.type, attributes);
}

bool UserTable::insert(IdTag tag, const std::vector<uint8_t>& id, uint32_t number, size_t line,
                       uint32_t note) {
    reserve(size_ + 1);
    Slot& slot = slots_[findSlot(tag.number(), viewOf(id))];
    if (slot.key.length != 0) {
        return false;
    }
    fill(slot, tag.number(), viewOf(id));
    set(slot, number, note);
    if (const auto& ids = sets_[number]->attributes.ids) {
        own_sets_.push_back(number);
        for (const UserId& other : ids->others) {
            remarkOnId(IdTag(other), other.getId(), line);
        }
    }
    for (const std::string& text : sets_[number]->remarks) {
        remark(printable(text), line);
    }
    remarkOnId(tag, id, line);
    return true;
}

uint32_t UserTable::append(const AttributeSetPtr& set) {
    sets_.push_back(set);
    return static_cast<uint32_t>(sets_.size() - 1);
}

void UserTable::put(const UserId& id, const AttributeSetPtr& attributes, uint32_t note) {
    const uint32_t number = append(attributes);
    set(makeSlot(IdTag(id).number(), viewOf(id.getId())), number, note);
    if (attributes->attributes.ids) {
        own_sets_.push_back(number);
    }
}

void UserTable::mark(const UserId& id) {
    set(makeSlot(IdTag(id).number(), viewOf(id.getId())), GONE, 0);
}

void UserTable::remarkOnId(IdTag tag, const std::vector<uint8_t>& id, size_t line) {
    std::vector<std::string> remarks;
    user_chk::remarkOnId(tag, id, remarks);
    for (const std::string& text : remarks) {
        remark(text, line);
    }
}

void UserTable::seal() {
    std::unordered_map<std::string, uint32_t>().swap(set_numbers_);
    makeOtherSlots();
    sort();
}

// Returns the slot of the record that has a set with other ids, a null pointer when that was replaced or
// marked since.
const UserTable::Slot* UserTable::slotOfOwn(uint32_t number) const {
    const UserId& main = sets_[number]->attributes.ids->main;
    const Slot* slot = findTaken(IdTag(main).number(), viewOf(main.getId()));
    return slot != nullptr && slot->set == number ? slot : nullptr;
}

void UserTable::makeOtherSlots() {
    for (const uint32_t number : std::exchange(own_sets_, {})) {
        const Slot* main = slotOfOwn(number);
        if (main == nullptr) {
            continue;
        }
        const uint32_t note = main->note;
        for (const UserId& other : sets_[number]->attributes.ids->others) {
            set(makeSlot(IdTag(other).number(), viewOf(other.getId())), number | OTHER, note);
        }
    }
}

std::vector<RecordIds> UserTable::recordsOfSeveralIds() const {
    std::vector<RecordIds> records;
    for (const uint32_t number : own_sets_) {
        if (slotOfOwn(number) != nullptr) {
            records.push_back(*sets_[number]->attributes.ids);
        }
    }
    return records;
}

std::vector<UserTable::Shared> UserTable::shared(const std::vector<RecordIds>& more) const {
    std::vector<RecordIds> records = recordsOfSeveralIds();
    records.insert(records.end(), more.begin(), more.end());
    std::vector<Shared> shared;
    std::map<UserId, UserId> main_ids; // by the other ids
    for (const RecordIds& ids : records) {
        for (const UserId& other : ids.others) {
            const Slot* slot = findTaken(IdTag(other).number(), viewOf(other.getId()));
            if (slot != nullptr && slot->set != GONE) {
                shared.push_back({other, other, ids.main});
            }
            const auto [at, is_new] = main_ids.emplace(other, ids.main);
            if (!is_new && at->second != ids.main) {
                shared.push_back({other, at->second, ids.main});
            }
        }
    }
    return shared;
}

// The ids of the slots in use, by the numbers of the slots.
class UserTable::Keys {
public:
    explicit Keys(const UserTable& table) : table_(table) {}

    size_t size() const { return table_.size(); }

    template <typename Visit>
    void forEach(const Visit& visit) const {
        for (uint32_t number = 0; number < table_.slots_.size(); ++number) {
            if (table_.slots_[number].key.length != 0 && !isOther(table_.slots_[number])) {
                visit(number);
            }
        }
    }

    // The bytes of a slot after the end of an id are all zeros.
    KeyBeginning beginningOf(uint32_t number) const {
        const Key& key = table_.slots_[number].key;
        const char* id = table_.idOf(key).data();
        return {numberAt(id) >> 8 | uint64_t(IdTag::typeOf(key.tag)) << 56, numberAt(id + 7)};
    }

    bool isBefore(uint32_t one, uint32_t other) const {
        const Key& key = table_.slots_[one].key;
        const Key& other_key = table_.slots_[other].key;
        const int order = table_.idOf(key).compare(table_.idOf(other_key));
        return order < 0 || (order == 0 && key.tag < other_key.tag); // they are of one type
    }

    void fetch(uint32_t number) const { prefetch(&table_.slots_[number]); }

private:
    const UserTable& table_;
};

void UserTable::sort() {
    const Keys keys(*this);
    order_ = SortedNumbers<Keys>(keys).sorted();
}

const UserTable::Slot* UserTable::findTaken(uint8_t tag, std::string_view id, size_t hash) const {
    if (slots_.empty()) {
        return nullptr;
    }
    const Slot& slot = slots_[findSlot(tag, id, hash)];
    return slot.key.length != 0 ? &slot : nullptr;
}

UserTable::Entry UserTable::entryOf(const Slot& slot) const {
    return {slot.set != GONE ? &sets_[slot.set & ~OTHER] : nullptr, slot.note, isOther(slot)};
}

std::optional<UserTable::Entry> UserTable::entryOf(IdTag tag, const std::vector<uint8_t>& id) const {
    const Slot* slot = findTaken(tag.number(), viewOf(id));
    return slot != nullptr ? std::make_optional(entryOf(*slot)) : std::nullopt;
}

const UserAttributes* UserTable::attributesIn(const Slot* slot) const {
    return slot != nullptr && slot->set != GONE ? &sets_[slot->set & ~OTHER]->attributes : nullptr;
}

const UserAttributes* UserTable::find(IdTag tag, const std::vector<uint8_t>& id) const {
    return attributesIn(findTaken(tag.number(), viewOf(id)));
}

const UserAttributes* UserTable::lookUp(const UserTable* upper, IdTag tag, std::string_view id) const {
    const uint8_t number = tag.number();
    const size_t hashed = hash(number, id);
    if (upper != nullptr) {
        fetch(hashed); // usually it is not in the upper table
        if (const Slot* changed = upper->findTaken(number, id, hashed)) {
            return upper->attributesIn(changed);
        }
    }
    return attributesIn(findTaken(number, id, hashed));
}

void UserTable::forEach(const std::function<void(const UserId&, const Entry&)>& visit) const {
    forEachIn([](uint32_t) { return true; }, visit);
}

UserTable::Cursor::Cursor(const UserTable& table, const std::optional<UserId>& from) : table_(table) {
    if (from) {
        const auto& order = table.order_;
        const auto after =
            std::upper_bound(order.begin(), order.end(), *from, [&table](const UserId& id, uint32_t slot) {
                return id < table.userIdOf(table.slots_[slot]);
            });
        at_ = static_cast<size_t>(after - order.begin());
    }
}

const UserTable::Slot& UserTable::Cursor::slot() const {
    return table_.slots_[table_.order_[at_]];
}

// Users are far apart in memory, so some are prefetched.
void UserTable::Cursor::next() {
    constexpr size_t AHEAD = 16;
    ++at_;
    if (at_ + AHEAD < table_.order_.size()) {
        prefetch(&table_.slots_[table_.order_[at_ + AHEAD]]);
    }
}

UserId UserTable::Cursor::id() const {
    return table_.userIdOf(slot());
}

UserTable::Entry UserTable::Cursor::entry() const {
    return table_.entryOf(slot());
}

UserId UserTable::userIdOf(const Slot& slot) const {
    const std::string_view id = idOf(slot.key);
    const IdTag tag = IdTag::numbered(slot.key.tag);
    return {tag.type, std::vector<uint8_t>(dataOf(id), dataOf(id) + id.size()), tag.kind};
}

} // namespace user_chk
