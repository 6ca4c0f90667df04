// SPDX-License-Identifier: MPL-2.0
// Declares how a user's line is found in a registry file whose bad records are skipped.

#ifndef USER_CHK_SOURCE_SKIPPING_LOOKUP_H
#define USER_CHK_SOURCE_SKIPPING_LOOKUP_H

#include <registry/user_attributes.h>
#include <source/registry_editor.h>

#include <string>

namespace user_chk {

/// @brief Makes a look-up that takes no notice of bad records of others.
///
/// It throws UserFileError `FILE:LINE: REASON` where a record of the user itself is bad, or stands more than
/// once: such lines are left to the operator.
///
/// @param path the registry file, for messages
/// @param reader reads the meaning of attributes; may be empty
RegistryEditor::Lookup skippingLookup(std::string path, AttributeReader reader);

} // namespace user_chk

#endif // USER_CHK_SOURCE_SKIPPING_LOOKUP_H
