// SPDX-License-Identifier: MPL-2.0
// Defines the commands that are about the registry and the library as a whole.

#ifndef USER_CHK_COMMANDS_REGISTRY_COMMANDS_H
#define USER_CHK_COMMANDS_REGISTRY_COMMANDS_H

#include <library/user_chk.h>

#include <cc/data.h>

namespace user_chk {

/// @brief `user-chk-reload`: loads the registry now.
///
/// This and the other: any thread may call them, beside packets and each other.
///
/// @param user_chk the library at work
/// @param arguments those of the command, a null pointer for none
/// @return the answer.
/// @throw isc::Exception when arguments are bad or the command fails; the text is for the one who asked.
isc::data::ConstElementPtr reloadRegistry(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

/// @brief `user-chk-status`: how it stands with the registry, the outcome file, the counters, and what
/// parameters are in force.
isc::data::ConstElementPtr tellStatus(UserChk& user_chk, const isc::data::ConstElementPtr& arguments);

} // namespace user_chk

#endif // USER_CHK_COMMANDS_REGISTRY_COMMANDS_H
