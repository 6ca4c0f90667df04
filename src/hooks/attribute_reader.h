// SPDX-License-Identifier: MPL-2.0
// Defines how attributes are read in one of the two servers: what they mean, and what to remark on.

#ifndef USER_CHK_HOOKS_ATTRIBUTE_READER_H
#define USER_CHK_HOOKS_ATTRIBUTE_READER_H

#include <registry/user_attributes.h>
#include <response/option_definitions.h>

#include <memory>

namespace user_chk {

/// @brief Makes the reader for a server.
///
/// Of users whose ids are not of the server's protocol it reads what does not depend on the protocol.
///
/// @param definitions what the server knows of options, and its protocol
AttributeReader makeAttributeReader(std::shared_ptr<const OptionDefinitions> definitions);

} // namespace user_chk

#endif // USER_CHK_HOOKS_ATTRIBUTE_READER_H
