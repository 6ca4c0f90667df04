// SPDX-License-Identifier: MPL-2.0
// Defines UserId and User: a registered client's identifier and its attributes.

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

/// @brief An identifier of a client: its hardware address, its DUID (RFC 8415 section 11), or another value
/// that its queries carry.
///
/// Immutable after construction. Any thread may read it.
class UserId {
public:
    /// @brief The types of identifiers. Users are listed in this order.
    enum UserIdType {
        HW_ADDRESS = 0, ///< hardware address
        DUID,           ///< DUID
        CLIENT_ID,      ///< DHCPv4 client identifier (RFC 2132 section 9.14)
        CIRCUIT_ID,     ///< DHCPv4 relay agent circuit ID (RFC 3046 section 3.1)
        INTERFACE_ID,   ///< DHCPv6 relay agent interface ID (RFC 8415 section 21.18)
        REMOTE_ID,      ///< relay agent remote ID (RFC 3046 section 3.2, RFC 4649)
        SUBSCRIBER_ID,  ///< relay agent subscriber ID (RFC 3993, RFC 4580)
        FLEX_ID         ///< value of the parameter `identifier-expression` for a query
    };

    /// @brief How an identifier is compared with those of clients.
    enum class Kind : uint8_t {
        EXACT,  ///< it equals the client's
        PREFIX, ///< the client's begins with it
        RANDOM  ///< the client has any locally administered hardware address
    };

    /// @brief The number of identifier types.
    static constexpr size_t TYPES = FLEX_ID + 1;

    /// @brief The label of HW_ADDRESS in the registry file and in the outcome file.
    static constexpr const char* HW_ADDRESS_STR = "HW_ADDR";

    /// @brief The label of DUID in the registry file and in the outcome file.
    static constexpr const char* DUID_STR = "DUID";

    /// @brief Creates an identifier from raw bytes.
    ///
    /// @param id_type the type of the identifier
    /// @param id the bytes; for Kind::RANDOM the single byte 2
    /// @param kind how it is compared with the identifiers of clients
    /// @throw isc::BadValue when @c id is empty, @c id_type is not one of the enumerators, or @c kind is
    /// Kind::RANDOM and @c id_type or @c id does not allow that.
    UserId(UserIdType id_type, const std::vector<uint8_t>& id, Kind kind = Kind::EXACT);

    /// @brief Same as above, but moves the bytes.
    UserId(UserIdType id_type, std::vector<uint8_t>&& id, Kind kind = Kind::EXACT);

    /// @brief Creates an identifier from text.
    ///
    /// The text is hex digits in either case: pairs with nothing, `:` or `-` between the bytes, or groups of
    /// four digits with `.` between them (`0c0e.0a01.ff04`). It may also be a string in single quotes, which
    /// stands for the bytes of that string. A `*` at the end makes it a prefix. For a hardware address the
    /// text may be `random`.
    ///
    /// @param id_type the type of the identifier
    /// @param id the text
    /// @throw isc::BadValue when @c id is blank, has any other form or mixes separators, or when @c id_type
    /// is not one of the enumerators.
    UserId(UserIdType id_type, const std::string& id);

    /// @brief Returns the bytes of the identifier, never empty.
    const std::vector<uint8_t>& getId() const { return id_; }

    /// @brief Returns the type of the identifier.
    UserIdType getType() const { return id_type_; }

    /// @brief Returns how the identifier is compared with those of clients.
    Kind getKind() const { return kind_; }

    /// @brief Returns the bytes as lower-case hex digits, with @c delim between bytes unless @c delim is 0. A
    /// prefix ends with the delimiter and `*`. An identifier of Kind::RANDOM is `random`.
    std::string toText(char delim = 0) const;

    /// @brief True when type, bytes and kind are equal.
    bool operator==(const UserId& other) const;

    /// @brief True when type, bytes or kind differ.
    bool operator!=(const UserId& other) const { return !(*this == other); }

    /// @brief Orders by type, then by bytes. An exact identifier sorts before a prefix with the same bytes.
    bool operator<(const UserId& other) const;

    /// @brief Returns the label of a type.
    ///
    /// @throw isc::BadValue when @c type is not one of the enumerators.
    static std::string lookupTypeStr(UserIdType type);

    /// @brief Returns the type with a label. The label is case-sensitive.
    ///
    /// @throw isc::BadValue when @c type_str is not a label.
    static UserIdType lookupType(const std::string& type_str);

private:
    UserIdType id_type_;
    Kind kind_ = Kind::EXACT;
    std::vector<uint8_t> id_;
};

/// @brief Writes the label of the type, an equals sign and the identifier's text: `HW_ADDR=0c0e0a01ff06`.
std::ostream& operator<<(std::ostream& os, const UserId& user_id);

/// @brief Pointer to a UserId.
typedef boost::shared_ptr<UserId> UserIdPtr;

/// @brief The attributes of a user, by name.
typedef std::map<std::string, std::string> PropertyMap;

/// @brief A registered client: its identifier and its attributes.
///
/// A user must not be changed while another thread uses it. Many threads read the users of a registry, so
/// change a user before you add it.
class User {
public:
    /// @brief Creates a user without attributes.
    explicit User(const UserId& user_id);

    /// @brief Creates a user without attributes, see UserId(UserIdType, const std::vector<uint8_t>&).
    ///
    /// @throw isc::BadValue as UserId does.
    User(UserId::UserIdType id_type, const std::vector<uint8_t>& id);

    /// @brief Creates a user without attributes, see UserId(UserIdType, const std::string&).
    ///
    /// @throw isc::BadValue as UserId does.
    User(UserId::UserIdType id_type, const std::string& id);

    /// @brief Returns the identifier.
    const UserId& getUserId() const { return user_id_; }

    /// @brief Returns all attributes.
    const PropertyMap& getProperties() const { return properties_; }

    /// @brief Replaces all attributes.
    void setProperties(const PropertyMap& properties);

    /// @brief Adds an attribute, or replaces its value. The value may be empty.
    ///
    /// @throw isc::BadValue when @c name is empty.
    void setProperty(const std::string& name, const std::string& value);

    /// @brief Returns the value of an attribute, or an empty string when the user has no such attribute.
    std::string getProperty(const std::string& name) const;

    /// @brief Removes an attribute, if the user has it.
    void delProperty(const std::string& name);

private:
    UserId user_id_;
    PropertyMap properties_;
};

/// @brief Pointer to a User.
typedef boost::shared_ptr<User> UserPtr;

} // namespace user_chk

#endif // USER_CHK_USER_H
