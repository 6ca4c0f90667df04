// SPDX-License-Identifier: MPL-2.0
// Defines IdentifierSettings: the identifiers by which clients are looked up.

#ifndef USER_CHK_CONFIG_IDENTIFIER_SETTINGS_H
#define USER_CHK_CONFIG_IDENTIFIER_SETTINGS_H

#include <user.h>

#include <cc/data.h>
#include <cc/simple_parser.h>
#include <dhcp/option.h>

#include <string>
#include <vector>

namespace user_chk {

/// @brief The identifiers by which clients are looked up. Immutable once parsed.
struct IdentifierSettings {
    /// @brief `identifiers`, in the order of look-up; empty for the protocol's own identifier.
    std::vector<UserId::UserIdType> types;

    /// @brief `identifier-expression`: the expression that yields `flex-id` (Kea manual, "Using Expressions
    /// in Classification"); empty when `flex-id` is not looked up.
    std::string expression;

    /// @brief True when clients are looked up by a type of identifier.
    ///
    /// @param type the type
    /// @param own the type that the protocol itself identifies clients by
    bool has(UserId::UserIdType type, UserId::UserIdType own) const;

    /// @brief Returns the names and types of the parameters.
    static const isc::data::SimpleKeywords& keywords();

    /// @brief Parses the parameters for one protocol.
    ///
    /// @param parameters the library's parameters, with names and types already checked; a null pointer for
    /// none
    /// @param universe the protocol
    /// @throw isc::dhcp::DhcpConfigError naming the identifier that is unknown, duplicate or missing.
    static IdentifierSettings parse(const isc::data::ConstElementPtr& parameters,
                                    isc::dhcp::Option::Universe universe);

    /// @brief Returns `identifiers` as it is in force.
    ///
    /// @param own the type that the protocol itself identifies clients by
    isc::data::ElementPtr inForce(UserId::UserIdType own) const;
};

/// @brief Returns the name of a type in the parameter `identifiers`.
const char* identifierName(UserId::UserIdType type);

} // namespace user_chk

#endif // USER_CHK_CONFIG_IDENTIFIER_SETTINGS_H
