// SPDX-License-Identifier: MPL-2.0
// Defines Grant, what the outcome file records, and its text form.

#ifndef USER_CHK_OUTCOME_GRANT_H
#define USER_CHK_OUTCOME_GRANT_H

#include <user.h>

#include <string>
#include <string_view>

namespace user_chk {

/// @brief An address or prefix that a response gives to a client.
struct Grant {
    /// @brief What the client is known by.
    UserId::UserIdType id_type;

    /// @brief Kea's own text form of the hardware address or DUID.
    std::string_view client;

    /// @brief The address, or `ADDRESS/LENGTH` for a prefix.
    std::string_view address;

    /// @brief True when the registry knows the client.
    bool registered;
};

/// @brief Appends a grant to a text as a record of the outcome file: four lines and an empty one.
void appendText(std::string& text, const Grant& grant);

} // namespace user_chk

#endif // USER_CHK_OUTCOME_GRANT_H
