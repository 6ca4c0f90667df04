// SPDX-License-Identifier: MPL-2.0
// Defines UserTable, a compact table of users that is built once and then only read.

#ifndef USER_CHK_REGISTRY_USER_TABLE_H
#define USER_CHK_REGISTRY_USER_TABLE_H

#include <registry/registry_digest.h>
#include <registry/user_attributes.h>
#include <system/huge_page_allocator.h>
#include <user.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
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

/// @brief Users by id, with what a million of them take: identifiers lie in the table, and users who have the
/// same attributes share them.
///
/// add() is for the one thread that builds the table. After that any number of threads may read it.
class UserTable {
public:
    /// @brief The most different remarks that are kept.
    static constexpr size_t MOST_REMARKS = 20;

    /// @brief Makes an empty table.
    ///
    /// @param reader reads each set of attributes that users of a type have in common; may be empty
    explicit UserTable(AttributeReader reader = AttributeReader()) : reader_(std::move(reader)) {}

    UserTable(const UserTable&) = delete;
    UserTable& operator=(const UserTable&) = delete;

    /// @brief Makes room for a number of users.
    void reserve(size_t users);

    /// @brief Adds a user.
    ///
    /// @param type what the id is
    /// @param id its bytes, at least one
    /// @param attributes the user's
    /// @param line where it was read, 0 for nowhere
    /// @return false when a user with this id is there already; the table is then as it was.
    /// @throw isc::BadValue when the id is empty or over 65,535 bytes long.
    /// @throw isc::Exception what the reader throws; the table is then as it was.
    bool add(UserId::UserIdType type, const std::vector<uint8_t>& id, const AttributeList& attributes,
             size_t line);

    /// @brief Puts the users in order and gives back what only add() needs. Nothing may be added afterwards.
    void seal();

    /// @brief Where a user was read.
    ///
    /// @return the line that add() was given, 0 when there is no such user.
    size_t lineOf(UserId::UserIdType type, const std::vector<uint8_t>& id) const;

    /// @brief The attributes of a user.
    ///
    /// @return a null pointer when there is no such user; what it points to lives as long as the table.
    const UserAttributes* find(UserId::UserIdType type, const std::vector<uint8_t>& id) const;

    /// @brief The number of users.
    size_t size() const { return size_; }

    /// @brief The number of users of a type.
    size_t size(UserId::UserIdType type) const { return sizes_.at(type); }

    /// @brief The digest of all users.
    const Digest& digest() const { return digest_; }

    /// @brief Calls a function with users in the order of their ids. Not before seal().
    ///
    /// @param from the id behind which to begin, whether or not there is such a user; none for the first one
    /// @param limit the most users to call it with
    /// @param visit takes the id and the attributes of a user
    void forEachAfter(const std::optional<UserId>& from, size_t limit,
                      const std::function<void(const UserId&, const PropertyMap&)>& visit) const;

    /// @brief The remarks on ids and the reader's, the first of each text first; at most MOST_REMARKS.
    const std::vector<Remark>& remarks() const { return remarks_; }

    /// @brief What reads the attributes.
    const AttributeReader& reader() const { return reader_; }

    /// @brief Calls a function with the id and the attributes of each user, in no order.
    void forEach(const std::function<void(const UserId&, const PropertyMap&)>& visit) const;

private:
    // An id as it lies in the table. One that is too long for it lies in long_ids_, its number here.
    struct Key {
        std::array<uint8_t, 20> bytes;
        uint16_t length; // 0 for a free slot
        uint8_t type;
    };

    struct Slot {
        Key key;
        uint32_t attributes; // number of the set
        uint32_t line;
    };

    typedef std::vector<Slot, HugePageAllocator<Slot>> Slots;

    struct AttributeSet {
        UserAttributes attributes;
        Digest digest;
        std::vector<std::string> remarks;
    };

    static size_t hash(UserId::UserIdType type, const std::vector<uint8_t>& id);
    size_t findSlot(UserId::UserIdType type, const std::vector<uint8_t>& id) const;
    const Slot* findTaken(UserId::UserIdType type, const std::vector<uint8_t>& id) const;
    bool holds(const Key& key, UserId::UserIdType type, const std::vector<uint8_t>& id) const;
    const uint8_t* bytesOf(const Key& key) const;
    std::vector<uint8_t> idOf(const Key& key) const;
    Key makeKey(UserId::UserIdType type, const std::vector<uint8_t>& id);
    uint32_t numberOf(UserId::UserIdType type, const AttributeList& attributes);
    AttributeSet read(UserId::UserIdType type, const AttributeList& attributes) const;
    void remark(const std::string& text, size_t line);
    void remarkOnId(UserId::UserIdType type, const std::vector<uint8_t>& id, size_t line);
    UserId userIdOf(const Slot& slot) const;
    void sort();
    void rehash(size_t slots);

    AttributeReader reader_;
    Slots slots_; // open addressing, linear probing; a power of two of them
    size_t size_ = 0;
    std::array<size_t, 2> sizes_{}; // by type
    Digest digest_;
    std::vector<uint32_t> order_; // the slots that are taken, in the order of their ids
    std::deque<std::vector<uint8_t>> long_ids_;
    std::deque<AttributeSet> sets_;
    std::unordered_map<std::string, uint32_t> set_numbers_;
    std::string set_key_;

    std::vector<Remark> remarks_;
};

} // namespace user_chk

#endif // USER_CHK_REGISTRY_USER_TABLE_H
