// SPDX-License-Identifier: MPL-2.0
// Formats and parses times.

#ifndef USER_CHK_SYSTEM_UTC_TIME_H
#define USER_CHK_SYSTEM_UTC_TIME_H

#include <chrono>
#include <cstddef>
#include <string>

namespace user_chk {

/// @brief The length of what writeUtc() writes.
inline constexpr size_t UTC_LENGTH = sizeof("2026-11-22T03:32:34.007Z") - 1;

/// @brief Writes a time in UTC as in RFC 3339, with milliseconds: `2026-11-22T03:32:34.007Z`.
///
/// @param time the time, in the years 0 to 9999
/// @param to room for @ref UTC_LENGTH characters
/// @return the end of what was written.
char* writeUtc(std::chrono::system_clock::time_point time, char* to);

/// @brief Returns what writeUtc() writes.
std::string utcText(std::chrono::system_clock::time_point time);

/// @brief Parses a `date-time` (RFC 3339 section 5.6), such as `2026-11-30T18:00:00+01:00`.
///
/// @param text the time; it must give the offset from UTC
/// @return the point in time, with microseconds. A leap second is taken as the first second of the next
/// minute. A time before 1970 becomes the beginning of 1970, and one beyond the year 2262 the last time that
/// the clock can represent.
/// @throw isc::BadValue saying what is expected.
std::chrono::system_clock::time_point parseRfc3339(const std::string& text);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_UTC_TIME_H
