// SPDX-License-Identifier: MPL-2.0
// Defines UserTable, a compact table of users that is built once and then only read.

#ifndef USER_CHK_REGISTRY_USER_TABLE_H
#define USER_CHK_REGISTRY_USER_TABLE_H

#include <identity/id_tag.h>
#include <registry/id_patterns.h>
#include <registry/registry_digest.h>
#include <registry/user_attributes.h>
#include <system/page_allocator.h>
#include <user.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace user_chk {

/// @brief Attributes as pairs of names and values. No name is repeated.
typedef std::vector<std::pair<std::string_view, std::string_view>> AttributeList;

/// @brief A remark for the operator on one or more users.
struct Remark {
    std::string text;  ///< the remark
    size_t users;      ///< how many users it applies to
    size_t first_line; ///< the line of the first of them
};

/// @brief Takes a remark on a user, and the line where the user was read.
typedef std::function<void(const std::string&, size_t)> RemarkTaker;

/// @brief The attributes that several users of a type share, and what the registry needs to know of them.
struct AttributeSet {
    UserAttributes attributes;        ///< as read, and their meaning
    Digest digest;                    ///< of their names and values
    std::vector<std::string> remarks; ///< what the operator should know
};

/// @brief Pointer to a set of attributes that users and tables share.
typedef std::shared_ptr<const AttributeSet> AttributeSetPtr;

/// @brief Users by id, stored compactly enough for millions: the table holds the bytes of the ids, and users
/// with the same attributes share them.
///
/// A table may overlay another one. It then has the users that were changed, and marks for those that were
/// removed.
///
/// Only one thread may build a table. After seal() any number of threads may read it.
class UserTable {
    struct Slot;

public:
    /// @brief The maximum number of different remarks that are kept.
    static constexpr size_t MOST_REMARKS = 20;

    /// @brief Creates an empty table.
    ///
    /// @param reader parses each set of attributes that users of a type share; may be empty
    /// @param take_remark receives every remark, for callers that need more than remarks(); may be empty
    explicit UserTable(AttributeReader reader = AttributeReader(), RemarkTaker take_remark = RemarkTaker())
        : reader_(std::move(reader)), take_remark_(std::move(take_remark)) {}

    UserTable(const UserTable&) = delete;
    UserTable& operator=(const UserTable&) = delete;

    /// @brief Merges a table with its overlay. The result is sealed and has no reader. Users with the same
    /// attributes share them.
    ///
    /// @param lower the table below
    /// @param upper the overlay, which has precedence
    /// @param keep_marks whether the result is itself an overlay, and so keeps the marks of removed users
    static std::shared_ptr<UserTable> merged(const UserTable& lower, const UserTable& upper, bool keep_marks);

    /// @brief Reserves room for a number of users.
    void reserve(size_t users);

    /// @brief Adds a user.
    ///
    /// @param tag the type and kind of the id
    /// @param id the bytes of the id, at least one
    /// @param attributes the user's attributes
    /// @param line the line where the user was read, for remarks; 0 for none
    /// @param note a number that the source stores with the user: a file source stores the block that has the
    /// line, a database source stores the version of the row
    /// @return false when the table already has a user with this id; the table is then unchanged.
    /// @throw isc::BadValue when the id is empty or over 65,535 bytes long.
    /// @throw isc::Exception as the reader does; the table is then unchanged.
    bool add(IdTag tag, const std::vector<uint8_t>& id, const AttributeList& attributes, size_t line = 0,
             uint32_t note = 0);

    /// @brief The first half of add(): parses the attributes of a user, and prefetches the user's slot. When
    /// several users are prepared before they are inserted, the processor does not have to wait for each of
    /// them.
    ///
    /// @param tag the type and kind of the id
    /// @param id the bytes of the id, at least one
    /// @param attributes the user's attributes
    /// @return the number of the attribute set in this table.
    /// @throw isc::BadValue when the id is empty or over 65,535 bytes long.
    /// @throw isc::Exception as the reader does.
    uint32_t prepare(IdTag tag, const std::vector<uint8_t>& id, const AttributeList& attributes);

    /// @brief The first half of add(), when prepare() has already returned a number for these attributes and
    /// another user of the type: prefetches the slot. The id must not be the default user's.
    void prepare(IdTag tag, const std::vector<uint8_t>& id);

    /// @brief The second half of add().
    ///
    /// @param tag the type and kind of the id
    /// @param id the bytes of the id
    /// @param set what prepare() returned for the user
    /// @param line the line where the user was read
    /// @param note what the source stores with the user
    /// @return as add().
    bool insert(IdTag tag, const std::vector<uint8_t>& id, uint32_t set, size_t line, uint32_t note);

    /// @brief Returns the attribute set with a number.
    const AttributeSetPtr& setNumbered(uint32_t number) const { return sets_[number]; }

    /// @brief Adds a user whose attributes another table has parsed, or replaces it.
    void put(const UserId& id, const AttributeSetPtr& set, uint32_t note);

    /// @brief Marks a user as removed, in an overlay.
    void mark(const UserId& id);

    /// @brief An id that two records share.
    struct Shared {
        UserId id;    ///< the id; for at least one of them it is an other id
        UserId one;   ///< the main id of the record that was added first
        UserId other; ///< the main id of the other record
    };

    /// @brief Returns the ids that several records share. Must not be called after seal().
    ///
    /// @param more records that are not in the table
    std::vector<Shared> shared(const std::vector<RecordIds>& more = {}) const;

    /// @brief Returns the ids of the records that have more than one. Must not be called after seal().
    std::vector<RecordIds> recordsOfSeveralIds() const;

    /// @brief Indexes records by their other ids, sorts the users, and frees what only add() needs. Nothing
    /// may be added afterwards. No id may be shared.
    void seal();

    /// @brief What a table has for an id.
    struct Entry {
        const AttributeSetPtr* set; ///< the user's attributes, a null pointer for a removed user
        uint32_t note;              ///< the note that add() was given
        bool is_other;              ///< whether the id is an other id of a record, see UserAttributes::ids
    };

    /// @brief Returns what the table has for an id, none when it does not know the id. It points to data that
    /// lives as long as the table.
    std::optional<Entry> entryOf(IdTag tag, const std::vector<uint8_t>& id) const;

    /// @brief Returns the attributes of a user.
    ///
    /// @return a null pointer when there is no such user; otherwise it is valid as long as the table.
    const UserAttributes* find(IdTag tag, const std::vector<uint8_t>& id) const;

    /// @brief Begins to fetch into the processor's cache what looking up an id reads, without waiting for it.
    void prefetchFor(IdTag tag, std::string_view id) const { fetch(hash(tag.number(), id)); }

    /// @brief Returns the attributes of a user, looking in an overlay first.
    ///
    /// @param upper the overlay, which has precedence; a null pointer for none
    /// @param tag the type and kind of the id
    /// @param id the bytes of the id, at least one
    /// @return as the function above; valid as long as the table that has them.
    const UserAttributes* lookUp(const UserTable* upper, IdTag tag, std::string_view id) const;

    /// @brief Returns the ids that match more than one client. Marks are included.
    const IdPatterns& patterns() const { return patterns_; }

    /// @brief Returns the number of users and marks.
    size_t size() const { return size_ - others_; }

    /// @brief True when some records have more than one id. Must not be called before seal().
    bool hasOtherIds() const { return others_ != 0; }

    /// @brief The number of users by type of id.
    typedef std::array<size_t, UserId::TYPES> Sizes;

    /// @brief Returns the number of users by type of id.
    const Sizes& sizes() const { return sizes_; }

    /// @brief The digest of all users.
    const Digest& digest() const { return digest_; }

    /// @brief Calls a function with each user, by its main id, and with each mark, in no particular order.
    void forEach(const std::function<void(const UserId&, const Entry&)>& visit) const;

    /// @brief Calls a function with each user and mark whose note meets a condition, in no particular order.
    ///
    /// @param is_one tells whether a note meets it
    /// @param visit takes the id and what the table has for it
    template <typename IsOne, typename Visit>
    void forEachIn(const IsOne& is_one, const Visit& visit) const {
        for (const Slot& slot : slots_) {
            if (slot.key.length != 0 && !isOther(slot) && is_one(slot.note)) {
                visit(userIdOf(slot), entryOf(slot));
            }
        }
    }

    /// @brief Iterates over users and marks in the order of their ids. Must not be used before seal().
    class Cursor {
    public:
        /// @brief Begins after an id, whether or not the table has it; none begins with the first one.
        Cursor(const UserTable& table, const std::optional<UserId>& from);

        /// @brief True at the end.
        bool atEnd() const { return at_ == table_.order_.size(); }

        /// @brief Returns the current id.
        UserId id() const;

        /// @brief Returns what the table has for it.
        Entry entry() const;

        /// @brief Moves to the next id.
        void next();

    private:
        const Slot& slot() const;

        const UserTable& table_;
        size_t at_ = 0;
    };

    /// @brief Returns the remarks on ids and those of the reader, in order of first occurrence; at most
    /// MOST_REMARKS.
    const std::vector<Remark>& remarks() const { return remarks_; }

private:
    // An id in the table. An id that is too long is in long_ids_, and its number is here.
    struct Key {
        std::array<uint8_t, 20> bytes;
        uint16_t length; // 0 for a free slot
        uint8_t tag;     // the number of the tag
    };

    struct Slot {
        Key key;
        uint32_t set; // number of the attribute set
        uint32_t note;
    };

    static constexpr uint32_t GONE = std::numeric_limits<uint32_t>::max(); // instead of a set number
    static constexpr uint32_t OTHER = uint32_t(1) << 31; // added to the set number for an other id

    typedef std::vector<Slot, PageAllocator<Slot>> Slots;

    class Keys;

    static size_t hash(uint8_t tag, std::string_view id);
    size_t findSlot(uint8_t tag, std::string_view id) const { return findSlot(tag, id, hash(tag, id)); }
    size_t findSlot(uint8_t tag, std::string_view id, size_t hash) const;
    const Slot* findTaken(uint8_t tag, std::string_view id) const {
        return findTaken(tag, id, hash(tag, id));
    }
    const Slot* findTaken(uint8_t tag, std::string_view id, size_t hash) const;
    void fetch(size_t hash) const;
    const UserAttributes* attributesIn(const Slot* slot) const;
    bool holds(const Key& key, uint8_t tag, std::string_view id) const;
    std::string_view idOf(const Key& key) const;
    static bool isOther(const Slot& slot) { return slot.set != GONE && (slot.set & OTHER) != 0; }
    Slot& makeSlot(uint8_t tag, std::string_view id);
    void fill(Slot& slot, uint8_t tag, std::string_view id);
    Entry entryOf(const Slot& slot) const;
    uint32_t numberOf(UserId::UserIdType type, const AttributeList& attributes);
    uint32_t append(const AttributeSetPtr& set);
    std::shared_ptr<AttributeSet> read(UserId::UserIdType type, const AttributeList& attributes) const;
    uint32_t numberOfOwn(const UserId& main, std::vector<UserId> others, const AttributeList& attributes);
    const Slot* slotOfOwn(uint32_t number) const;
    void makeOtherSlots();
    template <typename NumberOf>
    void take(const UserTable& other, const UserTable* upper, bool keep_marks, const NumberOf& number_of);
    void set(Slot& slot, uint32_t set, uint32_t note);
    void count(const Slot& slot, bool in);
    void remark(const std::string& text, size_t line);
    void remarkOnId(IdTag tag, const std::vector<uint8_t>& id, size_t line);
    UserId userIdOf(const Slot& slot) const;
    void sort();
    void rehash(size_t slots);

    AttributeReader reader_;
    RemarkTaker take_remark_;
    Slots slots_;       // open addressing, linear probing; their number is a power of two
    size_t size_ = 0;   // slots in use
    size_t others_ = 0; // slots in use for other ids
    Sizes sizes_{};
    Digest digest_;
    IdPatterns patterns_;
    std::vector<uint32_t, PageAllocator<uint32_t>> order_; // the slots in use, in the order of their ids
    std::deque<std::vector<uint8_t>> long_ids_;
    std::vector<AttributeSetPtr> sets_;
    std::vector<uint32_t> own_sets_; // the sets with other ids, which users do not share
    std::unordered_map<std::string, uint32_t> set_numbers_;
    std::string set_key_;

    std::vector<Remark> remarks_;
};

} // namespace user_chk

#endif // USER_CHK_REGISTRY_USER_TABLE_H
