// SPDX-License-Identifier: MPL-2.0
// Puts a user's attributes into a response.

#ifndef USER_CHK_OPTIONS_DRESS_H
#define USER_CHK_OPTIONS_DRESS_H

#include <options/boot_options.h>
#include <options/user_options.h>
#include <user.h>

namespace user_chk {

/// @brief Puts into a response what the attributes of its client ask for.
///
/// @param response a Pkt4 or a Pkt6
/// @param attributes the attributes that apply to the client
/// @param options the parsed `option.*` and `next-server` among them, a null pointer for none
template <typename Pkt>
void dress(Pkt& response, const PropertyMap& attributes, const UserOptions* options) {
    setBootOptions(response, attributes);
    if (options != nullptr) {
        setUserOptions(response, *options);
    }
}

} // namespace user_chk

#endif // USER_CHK_OPTIONS_DRESS_H
