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

/// @brief Attributes as names and values, every name once.
typedef std::vector<std::pair<std::string_view, std::string_view>> AttributeList;

/// @brief What the operator should know of some users.
struct Remark {
    std::string text;  ///< what it is
    size_t users;      ///< how many users it is on
    size_t first_line; ///< the line of the first of them
};

/// @brief Takes a remark on a user, and the line where the user was read.
typedef std::function<void(const std::string&, size_t)> RemarkTaker;

/// @brief Attributes that users of a type have in common, with what the registry wants to know of them.
struct AttributeSet {
    UserAttributes attributes;        ///< as they were read, and what they mean
    Digest digest;                    ///< of their names and values
    std::vector<std::string> remarks; ///< what the operator should know
};

/// @brief Pointer to attributes, which users and tables share.
typedef std::shared_ptr<const AttributeSet> AttributeSetPtr;

/// @brief Users by id, with what a million of them take: identifiers lie in the table, and users who have the
/// same attributes share them.
///
/// A table may lie over another one: then it has the users that are changed, and marks for those that are
/// gone.
///
/// What changes a table is for the one thread that builds it. After seal() any number of threads may read it.
class UserTable {
    struct Slot;

public:
    /// @brief The most different remarks that are kept.
    static constexpr size_t MOST_REMARKS = 20;

    /// @brief Makes an empty table.
    ///
    /// @param reader reads each set of attributes that users of a type have in common; may be empty
    /// @param take_remark takes every remark, where those of remarks() are not enough; may be empty
    explicit UserTable(AttributeReader reader = AttributeReader(), RemarkTaker take_remark = RemarkTaker())
        : reader_(std::move(reader)), take_remark_(std::move(take_remark)) {}

    UserTable(const UserTable&) = delete;
    UserTable& operator=(const UserTable&) = delete;

    /// @brief What two tables make, one over the other: sealed, without a reader. Users whose attributes are
    /// the same share them.
    ///
    /// @param lower the one below
    /// @param upper the one over it: what it has holds
    /// @param keep_marks whether the result lies over another table itself, and so keeps the marks of users
    /// that are gone
    static std::shared_ptr<UserTable> merged(const UserTable& lower, const UserTable& upper, bool keep_marks);

    /// @brief Makes room for a number of users.
    void reserve(size_t users);

    /// @brief Adds a user.
    ///
    /// @param tag what the id is
    /// @param id its bytes, at least one
    /// @param attributes the user's
    /// @param line where it was read, for remarks; 0 for nowhere
    /// @param note a number that the user's source keeps with the user: of a file the block where its line
    /// stands, of a database the version of its row
    /// @return false when a user with this id is there already; the table is then as it was.
    /// @throw isc::BadValue when the id is empty or over 65,535 bytes long.
    /// @throw isc::Exception what the reader throws; the table is then as it was.
    bool add(IdTag tag, const std::vector<uint8_t>& id, const AttributeList& attributes, size_t line = 0,
             uint32_t note = 0);

    /// @brief The first half of add(): reads the attributes of a user, and has the processor fetch the place
    /// where the user will lie. Where several users are prepared before they are inserted, it need not wait
    /// for each.
    ///
    /// @param tag what the id is
    /// @param id its bytes, at least one
    /// @param attributes the user's
    /// @return the number of the attributes in this table.
    /// @throw isc::BadValue when the id is empty or over 65,535 bytes long.
    /// @throw isc::Exception what the reader throws.
    uint32_t prepare(IdTag tag, const std::vector<uint8_t>& id, const AttributeList& attributes);

    /// @brief The first half of add() where the attributes have a number already, of prepare() for another
    /// user of the type: has the processor fetch the place. The id must not be the default user's.
    void prepare(IdTag tag, const std::vector<uint8_t>& id);

    /// @brief The second half of add(), with the same parameters but for one.
    ///
    /// @param tag what the id is
    /// @param id its bytes
    /// @param set what prepare() returned for the user
    /// @param line where it was read
    /// @param note what its source keeps with it
    /// @return as add().
    bool insert(IdTag tag, const std::vector<uint8_t>& id, uint32_t set, size_t line, uint32_t note);

    /// @brief The attributes that have a number.
    const AttributeSetPtr& setNumbered(uint32_t number) const { return sets_[number]; }

    /// @brief Adds a user whose attributes another table has read, or replaces the one that is there.
    void put(const UserId& id, const AttributeSetPtr& set, uint32_t note);

    /// @brief Marks a user as gone, in a table that lies over another one.
    void mark(const UserId& id);

    /// @brief An id that two records have.
    struct Shared {
        UserId id;    ///< the id, an other one of at least one of them
        UserId one;   ///< the main id of one of them, which was added first
        UserId other; ///< the main id of the other one
    };

    /// @brief The ids that several records have. Not after seal().
    ///
    /// @param more records that are not in the table
    std::vector<Shared> shared(const std::vector<RecordIds>& more = {}) const;

    /// @brief The ids of the records that have several. Not after seal().
    std::vector<RecordIds> recordsOfSeveralIds() const;

    /// @brief Makes records known by their other ids, puts the users in order and gives back what only add()
    /// needs. Nothing may be added afterwards. No id may be shared.
    void seal();

    /// @brief What a table says of an id.
    struct Entry {
        const AttributeSetPtr* set; ///< the user's attributes, a null pointer for one who is gone
        uint32_t note;              ///< what add() was given
        bool is_other;              ///< whether it is an other id of a record, see UserAttributes::ids
    };

    /// @brief What the table says of an id, nothing when it does not know it. What it points to lives as long
    /// as the table.
    std::optional<Entry> entryOf(IdTag tag, const std::vector<uint8_t>& id) const;

    /// @brief The attributes of a user.
    ///
    /// @return a null pointer when there is no such user; what it points to lives as long as the table.
    const UserAttributes* find(IdTag tag, const std::vector<uint8_t>& id) const;

    /// @brief The attributes of a user, where a table may lie over this one.
    ///
    /// @param upper that table, a null pointer for none: what it has holds
    /// @param tag what the id is
    /// @param id its bytes, at least one
    /// @return as the function above; it lives as long as the table that has it.
    const UserAttributes* lookUp(const UserTable* upper, IdTag tag, std::string_view id) const;

    /// @brief The ids that stand for more than one client; those of marks count too.
    const IdPatterns& patterns() const { return patterns_; }

    /// @brief The number of users, and of marks.
    size_t size() const { return size_ - others_; }

    /// @brief True when some records have several ids. Not before seal().
    bool hasOtherIds() const { return others_ != 0; }

    /// @brief Numbers of users by the types of their ids.
    typedef std::array<size_t, UserId::TYPES> Sizes;

    /// @brief The number of users of each type.
    const Sizes& sizes() const { return sizes_; }

    /// @brief The digest of all users.
    const Digest& digest() const { return digest_; }

    /// @brief Calls a function with each user, by its main id, and each mark, in no order.
    void forEach(const std::function<void(const UserId&, const Entry&)>& visit) const;

    /// @brief Calls a function with each user and mark whose note is one of some, in no order.
    ///
    /// @param is_one tells of a note whether it is one of them
    /// @param visit takes the id and what the table says of it
    template <typename IsOne, typename Visit>
    void forEachIn(const IsOne& is_one, const Visit& visit) const {
        for (const Slot& slot : slots_) {
            if (slot.key.length != 0 && !isOther(slot) && is_one(slot.note)) {
                visit(userIdOf(slot), entryOf(slot));
            }
        }
    }

    /// @brief Goes through users and marks in the order of their ids. Not before seal().
    class Cursor {
    public:
        /// @brief Begins behind an id, whether or not it is there; none for the first one.
        Cursor(const UserTable& table, const std::optional<UserId>& from);

        /// @brief True when there is none any more.
        bool atEnd() const { return at_ == table_.order_.size(); }

        /// @brief The id of the one that it is at.
        UserId id() const;

        /// @brief What the table says of it.
        Entry entry() const;

        /// @brief Goes to the next one.
        void next();

    private:
        const Slot& slot() const;

        const UserTable& table_;
        size_t at_ = 0;
    };

    /// @brief The remarks on ids and the reader's, the first of each text first; at most MOST_REMARKS.
    const std::vector<Remark>& remarks() const { return remarks_; }

private:
    // An id as it lies in the table. One that is too long for it lies in long_ids_, its number here.
    struct Key {
        std::array<uint8_t, 20> bytes;
        uint16_t length; // 0 for a free slot
        uint8_t tag;     // the number of it
    };

    struct Slot {
        Key key;
        uint32_t set; // number of the attributes
        uint32_t note;
    };

    static constexpr uint32_t GONE = std::numeric_limits<uint32_t>::max(); // in place of such a number
    static constexpr uint32_t OTHER = uint32_t(1) << 31; // beside the number in the slot of an other id

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
    Slots slots_;       // open addressing, linear probing; a power of two of them
    size_t size_ = 0;   // of those that are taken
    size_t others_ = 0; // of these, those of other ids
    Sizes sizes_{};
    Digest digest_;
    IdPatterns patterns_;
    std::vector<uint32_t, PageAllocator<uint32_t>>
        order_; // the slots that are taken, in the order of their ids
    std::deque<std::vector<uint8_t>> long_ids_;
    std::vector<AttributeSetPtr> sets_;
    std::vector<uint32_t> own_sets_; // of those with other ids, which users do not share
    std::unordered_map<std::string, uint32_t> set_numbers_;
    std::string set_key_;

    std::vector<Remark> remarks_;
};

} // namespace user_chk

#endif // USER_CHK_REGISTRY_USER_TABLE_H
