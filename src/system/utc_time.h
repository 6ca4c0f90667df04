// SPDX-License-Identifier: MPL-2.0
// Defines how a time is written.

#ifndef USER_CHK_SYSTEM_UTC_TIME_H
#define USER_CHK_SYSTEM_UTC_TIME_H

#include <chrono>
#include <string>

namespace user_chk {

/// @brief A time as RFC 3339 has it, UTC, with milliseconds: `2026-11-22T03:32:34.007Z`.
std::string utcText(std::chrono::system_clock::time_point time);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_UTC_TIME_H
