// SPDX-License-Identifier: MPL-2.0
// Defines the library's logger.

#include <messages/user_chk_log.h>

namespace user_chk {

isc::log::Logger user_chk_logger("user_chk");

} // namespace user_chk
