// SPDX-License-Identifier: MPL-2.0
// Defines IdentifierSettings: what clients are looked up by.

#ifndef USER_CHK_CONFIG_IDENTIFIER_SETTINGS_H
#define USER_CHK_CONFIG_IDENTIFIER_SETTINGS_H

#include <user.h>

#include <cc/data.h>
#include <cc/simple_parser.h>
#include <dhcp/option.h>

#include <string>
#include <vector>

namespace user_chk {

/// @brief What clients are looked up by. Immutable once parsed.
struct IdentifierSettings {
    /// @brief `identifiers`: in this order; empty for what the protocol knows clients by.
    std::vector<UserId::UserIdType> types;

    /// @brief `identifier-expression`: the value of `flex-id` (Kea manual, "Using Expressions in
    /// Classification"); empty where that is not looked up.
    std::string expression;

    /// @brief True when clients are looked up by identifiers of a type.
    ///
    /// @param type the type
    /// @param own the one that the protocol knows clients by
    bool has(UserId::UserIdType type, UserId::UserIdType own) const;

    /// @brief The names and types of the parameters.
    static const isc::data::SimpleKeywords& keywords();

    /// @brief Parses the parameters for one of the protocols.
    ///
    /// @param parameters the library's, whose names and types were checked; a null pointer for none
    /// @param universe the protocol
    /// @throw isc::dhcp::DhcpConfigError naming what is unknown, stands twice or is missing.
    static IdentifierSettings parse(const isc::data::ConstElementPtr& parameters,
                                    isc::dhcp::Option::Universe universe);

    /// @brief `identifiers` as it is in force.
    ///
    /// @param own what the protocol knows clients by
    isc::data::ElementPtr inForce(UserId::UserIdType own) const;
};

/// @brief What the parameter `identifiers` calls a type.
const char* identifierName(UserId::UserIdType type);

} // namespace user_chk

#endif // USER_CHK_CONFIG_IDENTIFIER_SETTINGS_H
