// SPDX-License-Identifier: MPL-2.0
// Defines Statistics, which reports the library's counters to Kea's statistics.

#ifndef USER_CHK_LIBRARY_STATISTICS_H
#define USER_CHK_LIBRARY_STATISTICS_H

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace user_chk {

/// @brief The counters, as indices of Counts.
enum Counter : size_t {
    REGISTRY_LOADS,                          ///< successful loads, including the first one
    REGISTRY_FAILURES,                       ///< failed loads: one for each change of the registry
    REGISTERED_QUERIES,                      ///< queries of registered clients
    UNREGISTERED_QUERIES,                    ///< queries of all other clients that may get an answer
    DENIED_QUERIES,                          ///< queries of clients that may not get an answer
    REFUSED_LEASES,                          ///< leases that were withheld from a client
    REGISTRY_CHANGES,                        ///< users added, changed or removed without a full load
    COPY_FAILURES,                           ///< last good copies that could not be written
    OUTCOME_RECORDS,                         ///< records in the outcome file
    OUTCOME_FAILURES,                        ///< records that could not be written
    COUNTERS_OF_FILES,                       ///< number of counters when a file is followed
    REGISTRY_RECONNECTS = COUNTERS_OF_FILES, ///< connections to the database after the first one
    COUNTERS                                 ///< number of counters
};

/// @brief The names of the counters as commands report them; statistics have the prefix `user-chk.`.
inline constexpr std::array<const char*, COUNTERS> COUNTER_NAMES = {
    "registry-loads",  "registry-failures", "registered-queries", "unregistered-queries",
    "denied-queries",  "refused-leases",    "registry-changes",   "copy-failures",
    "outcome-records", "outcome-failures",  "registry-reconnects"};

/// @brief The gauges, as indices of Gauges.
enum Gauge : size_t {
    USERS,                                ///< users in force
    REGISTRY_SKIPPED,                     ///< bad records that were skipped when the registry was loaded
    STRANGERS,                            ///< unregistered clients that are remembered
    GAUGES_OF_FILES,                      ///< number of gauges when a file is followed
    REGISTRY_CONNECTED = GAUGES_OF_FILES, ///< whether the database answered the last request: 0 or 1
    REGISTRY_AGE,                         ///< seconds since the database last answered
    GAUGES                                ///< number of gauges
};

/// @brief The names of the gauges; statistics have the prefix `user-chk.`.
inline constexpr std::array<const char*, GAUGES> GAUGE_NAMES = {"users", "registry-skipped", "strangers",
                                                                "registry-connected", "registry-age"};

/// @brief Functions that return the current values of the gauges.
typedef std::array<std::function<size_t()>, GAUGES> Gauges;

/// @brief The counters since the library was loaded.
typedef std::array<uint64_t, COUNTERS> Counts;

/// @brief The library's entries in Kea's statistics (Kea manual, "Statistics").
///
/// Adding to a statistic in Kea takes a lock and reads the clock, several times per packet. So the library
/// keeps its own counters, and reports the increase to Kea only when somebody asks for statistics. The
/// statistics exist as long as the object. A counter that is reset continues from 0; a gauge keeps its value.
class Statistics {
public:
    /// @brief Sets all statistics to 0.
    ///
    /// @param of_database whether to include the statistics of a database
    explicit Statistics(bool of_database);

    /// @brief Removes the statistics.
    ~Statistics();

    Statistics(const Statistics&) = delete;
    Statistics& operator=(const Statistics&) = delete;

    /// @brief Updates Kea's statistics. Any thread that may use Kea's statistics may call it.
    ///
    /// @param gauges return the current values
    /// @param counts the counters so far
    void publish(const Gauges& gauges, const Counts& counts);

private:
    const size_t gauges_;
    const size_t counters_;
    std::array<std::atomic<uint64_t>, COUNTERS> published_{};
};

} // namespace user_chk

#endif // USER_CHK_LIBRARY_STATISTICS_H
