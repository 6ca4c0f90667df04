// SPDX-License-Identifier: MPL-2.0
// Defines UserId and User: who a registry knows, and what it knows of them.

#ifndef USER_CHK_USER_H
#define USER_CHK_USER_H

#include <boost/shared_ptr.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace user_chk {

/// @brief Identifies a client: by its hardware address, its DUID (RFC 8415 section 11), or something else
/// that a query has.
///
/// Immutable once made; may be read from any thread.
class UserId {
public:
    /// @brief What the bytes of an id are. Users are listed in this order.
    enum UserIdType {
        HW_ADDRESS = 0, ///< a hardware address
        DUID,           ///< a DUID
        CLIENT_ID,      ///< a DHCPv4 client identifier (RFC 2132 section 9.14)
        CIRCUIT_ID,     ///< where a DHCPv4 relay has the query from (RFC 3046 section 3.1)
        INTERFACE_ID,   ///< where a DHCPv6 relay has the query from (RFC 8415 section 21.18)
        REMOTE_ID,      ///< what a relay calls the remote end (RFC 3046 section 3.2, RFC 4649)
        SUBSCRIBER_ID,  ///< what a relay calls the subscriber (RFC 3993, RFC 4580)
        FLEX_ID         ///< what the parameter `identifier-expression` makes of a query
    };

    /// @brief How an id is compared with those of clients.
    enum class Kind : uint8_t {
        EXACT,  ///< a client has it
        PREFIX, ///< what a client has begins with it
        RANDOM  ///< a client has any locally administered hardware address
    };

    /// @brief How many types there are.
    static constexpr size_t TYPES = FLEX_ID + 1;

    /// @brief The label of HW_ADDRESS in the registry file and the outcome file.
    static constexpr const char* HW_ADDRESS_STR = "HW_ADDR";

    /// @brief The label of DUID in the registry file and the outcome file.
    static constexpr const char* DUID_STR = "DUID";

    /// @brief Makes an id of raw bytes.
    ///
    /// @param id_type what the bytes are
    /// @param id the bytes; a single one of 2 for Kind::RANDOM
    /// @param kind how they are compared with those of clients
    /// @throw isc::BadValue when @c id is empty, @c id_type is not one of the enumerators, or there is no
    /// such id of Kind::RANDOM.
    UserId(UserIdType id_type, const std::vector<uint8_t>& id, Kind kind = Kind::EXACT);

    /// @brief The same; takes the bytes over.
    UserId(UserIdType id_type, std::vector<uint8_t>&& id, Kind kind = Kind::EXACT);

    /// @brief Makes an id of text: pairs of hex digits in either case, with nothing, `:` or `-` between
    /// bytes, or groups of four with `.` between them (`0c0e.0a01.ff04`); or a text in single quotes, which
    /// stands for its bytes. With a `*` at its end it is a prefix. For hardware addresses it may be `random`.
    ///
    /// @throw isc::BadValue when @c id is blank or anything else, or has separators of two kinds; or when
    /// @c id_type is not one of the enumerators.
    UserId(UserIdType id_type, const std::string& id);

    /// @brief The bytes of the id, never empty.
    const std::vector<uint8_t>& getId() const { return id_; }

    /// @brief What the bytes are.
    UserIdType getType() const { return id_type_; }

    /// @brief How they are compared with those of clients.
    Kind getKind() const { return kind_; }

    /// @brief The bytes as lower-case hex digits, with @c delim between bytes unless it is 0; behind those of
    /// a prefix the delimiter once more, and `*`. Or `random`.
    std::string toText(char delim = 0) const;

    /// @brief True when type, bytes and kind are the same.
    bool operator==(const UserId& other) const;

    /// @brief True when type, bytes or kind differ.
    bool operator!=(const UserId& other) const { return !(*this == other); }

    /// @brief Orders by type, then by bytes; an exact id comes before a prefix of the same bytes.
    bool operator<(const UserId& other) const;

    /// @brief The label of a type.
    ///
    /// @throw isc::BadValue when @c type is not one of the enumerators.
    static std::string lookupTypeStr(UserIdType type);

    /// @brief The type of a label, in its exact case.
    ///
    /// @throw isc::BadValue when @c type_str is no label.
    static UserIdType lookupType(const std::string& type_str);

private:
    UserIdType id_type_;
    Kind kind_ = Kind::EXACT;
    std::vector<uint8_t> id_;
};

/// @brief Writes an id as the registry's label, an equals sign and its text: `HW_ADDR=0c0e0a01ff06`.
std::ostream& operator<<(std::ostream& os, const UserId& user_id);

/// @brief Pointer to a UserId.
typedef boost::shared_ptr<UserId> UserIdPtr;

/// @brief A user's attributes by name.
typedef std::map<std::string, std::string> PropertyMap;

/// @brief A registered client: its id and its attributes.
///
/// The functions that change a user may not run while another thread uses it. A user that a registry holds is
/// read by many threads: change it before it is added.
class User {
public:
    /// @brief Makes a user without attributes.
    explicit User(const UserId& user_id);

    /// @brief Makes a user without attributes, see UserId(UserIdType, const std::vector<uint8_t>&).
    ///
    /// @throw isc::BadValue as UserId does.
    User(UserId::UserIdType id_type, const std::vector<uint8_t>& id);

    /// @brief Makes a user without attributes, see UserId(UserIdType, const std::string&).
    ///
    /// @throw isc::BadValue as UserId does.
    User(UserId::UserIdType id_type, const std::string& id);

    /// @brief Who this is.
    const UserId& getUserId() const { return user_id_; }

    /// @brief All attributes.
    const PropertyMap& getProperties() const { return properties_; }

    /// @brief Replaces all attributes.
    void setProperties(const PropertyMap& properties);

    /// @brief Adds an attribute or replaces its value; the value may be empty.
    ///
    /// @throw isc::BadValue when @c name is empty.
    void setProperty(const std::string& name, const std::string& value);

    /// @brief The value of an attribute, empty when there is none of this name.
    std::string getProperty(const std::string& name) const;

    /// @brief Removes an attribute, if there is one of this name.
    void delProperty(const std::string& name);

private:
    UserId user_id_;
    PropertyMap properties_;
};

/// @brief Pointer to a User.
typedef boost::shared_ptr<User> UserPtr;

} // namespace user_chk

#endif // USER_CHK_USER_H
