// SPDX-License-Identifier: MPL-2.0
// Declares what is measured of a follower of a database, and what the measures have in common.

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

/// @brief Numbers by name, in the order of the names.
typedef std::map<std::string, std::vector<double>> Figures;

/// @brief A database that has the schema, on a UNIX socket.
struct Place {
    std::string directory;
    std::string name;
};

/// @brief What a server's `registry-database` would say of it; all else is as by default.
DatabaseSettings settingsOf(const Place& place);

double secondsSince(Clock::time_point begin);

/// @brief Processor time, in seconds: CLOCK_PROCESS_CPUTIME_ID or CLOCK_THREAD_CPUTIME_ID.
double processorSeconds(clockid_t of);

/// @brief Bytes of memory of this process, once unused ones are given back.
double residentBytes();

/// @brief The most that there were since forgetPeak().
double peakBytes();
void forgetPeak();

/// @brief Loads all users again and again.
Figures measureLoads(const Place& place, size_t loads);

/// @brief Commits changes of one user at random moments, and takes the time until a look-up finds each.
Figures measureChanges(const Place& place, size_t changes);

/// @brief As measureChanges(), until all of a number of processes find it.
Figures measureCrowd(const Place& place, size_t changes, size_t followers);

/// @brief Starts from the copy, without the database, and from a registry file of the same users by turns.
Figures measureCopy(const Place& place, const std::string& directory, size_t starts);

} // namespace bench
} // namespace user_chk

#endif // USER_CHK_TESTS_BENCH_DATABASE_MEASURES_H
