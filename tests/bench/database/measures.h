// SPDX-License-Identifier: MPL-2.0
// Declares the measurements of a follower of a database, and what they have in common.

#ifndef USER_CHK_TESTS_BENCH_DATABASE_MEASURES_H
#define USER_CHK_TESTS_BENCH_DATABASE_MEASURES_H

#include <config/database_settings.h>
#include <source/follower.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace user_chk {
namespace bench {

typedef std::chrono::steady_clock Clock;

/// @brief Numbers by name, ordered by name.
typedef std::map<std::string, std::vector<double>> Figures;

/// @brief A database with the schema, on a UNIX socket.
struct Place {
    std::string directory;
    std::string name;
};

/// @brief Returns the settings of `registry-database` for it; everything else has its default.
DatabaseSettings settingsOf(const Place& place);

double secondsSince(Clock::time_point begin);

/// @brief Returns the processor time in seconds: CLOCK_PROCESS_CPUTIME_ID or CLOCK_THREAD_CPUTIME_ID.
double processorSeconds(clockid_t of);

/// @brief Returns the bytes of memory that this process uses, after unused memory was returned to the system.
double residentBytes();

/// @brief Returns the maximum since forgetPeak().
double peakBytes();
void forgetPeak();

/// @brief Loads all users repeatedly.
Figures measureLoads(const Place& place, size_t loads);

/// @brief Commits changes of one user at random moments, and measures the time until a look-up finds each.
Figures measureChanges(const Place& place, size_t changes);

/// @brief Like measureChanges(), until all of several processes find the change.
Figures measureCrowd(const Place& place, size_t changes, size_t followers);

/// @brief Starts alternately from the copy, without the database, and from a registry file with the same
/// users.
Figures measureCopy(const Place& place, const std::string& directory, size_t starts);

} // namespace bench
} // namespace user_chk

#endif // USER_CHK_TESTS_BENCH_DATABASE_MEASURES_H
