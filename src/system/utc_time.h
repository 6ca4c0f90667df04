// SPDX-License-Identifier: MPL-2.0
// Defines how a point in time is written and read.

#ifndef USER_CHK_SYSTEM_UTC_TIME_H
#define USER_CHK_SYSTEM_UTC_TIME_H

#include <chrono>
#include <string>

namespace user_chk {

/// @brief A time as RFC 3339 has it, UTC, with milliseconds: `2026-11-22T03:32:34.007Z`.
std::string utcText(std::chrono::system_clock::time_point time);

/// @brief Reads a `date-time` (RFC 3339 section 5.6), such as `2026-11-30T18:00:00+01:00`.
///
/// @param text the time; it must say how far it is from UTC
/// @return the point in time, to the microsecond; a leap second is the first one of the next minute. A time
/// before 1970 is the first moment of that year, and one from the year 2262 on the last that the clock
/// counts.
/// @throw isc::BadValue saying what is expected.
std::chrono::system_clock::time_point parseRfc3339(const std::string& text);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_UTC_TIME_H
