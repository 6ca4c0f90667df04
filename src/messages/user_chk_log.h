// SPDX-License-Identifier: MPL-2.0
// Declares the library's logger and the ids of its messages.

#ifndef USER_CHK_MESSAGES_USER_CHK_LOG_H
#define USER_CHK_MESSAGES_USER_CHK_LOG_H

#include <messages/user_chk_messages.h>

#include <log/log_dbglevels.h>
#include <log/logger_support.h>
#include <log/macros.h>

namespace user_chk {

/// @brief The logger `user_chk`, below the server's root logger. Any thread may use it.
extern isc::log::Logger user_chk_logger;

} // namespace user_chk

#endif // USER_CHK_MESSAGES_USER_CHK_LOG_H
