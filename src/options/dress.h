// SPDX-License-Identifier: MPL-2.0
// Defines what of a user's attributes goes into a response.

#ifndef USER_CHK_OPTIONS_DRESS_H
#define USER_CHK_OPTIONS_DRESS_H

#include <options/boot_options.h>
#include <options/user_options.h>
#include <user.h>

namespace user_chk {

/// @brief Puts into a response what the attributes of its client say.
///
/// @param response a Pkt4 or a Pkt6
/// @param attributes the attributes that hold for the client
/// @param options what `option.*` and `next-server` among them mean, a null pointer for nothing
template <typename Pkt>
void dress(Pkt& response, const PropertyMap& attributes, const UserOptions* options) {
    setBootOptions(response, attributes);
    if (options != nullptr) {
        setUserOptions(response, *options);
    }
}

} // namespace user_chk

#endif // USER_CHK_OPTIONS_DRESS_H
