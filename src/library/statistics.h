// SPDX-License-Identifier: MPL-2.0
// Defines Statistics: how what the library counts gets into Kea's statistics.

#ifndef USER_CHK_LIBRARY_STATISTICS_H
#define USER_CHK_LIBRARY_STATISTICS_H

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace user_chk {

/// @brief What is counted, as places in Counts.
enum Counter : size_t {
    REGISTRY_LOADS,       ///< loads that succeeded, the first one included
    REGISTRY_FAILURES,    ///< loads that failed: one for each change of the registry
    REGISTERED_QUERIES,   ///< queries of registered clients
    UNREGISTERED_QUERIES, ///< queries of all others who may get an answer
    DENIED_QUERIES,       ///< queries of clients who may not
    REFUSED_LEASES,       ///< leases that a client was not to get
    REGISTRY_CHANGES,     ///< users that were added, changed or removed without a full load
    COPY_FAILURES,        ///< last good copies that could not be written
    OUTCOME_RECORDS,      ///< records in the outcome file
    OUTCOME_FAILURES,     ///< records that could not be written
    COUNTERS_OF_FILES,    ///< how many there are where a file is followed
    REGISTRY_RECONNECTS = COUNTERS_OF_FILES, ///< connections with the database after the first one
    COUNTERS                                 ///< how many there are
};

/// @brief The names of the counters, as commands have them; statistics have `user-chk.` before them.
inline constexpr std::array<const char*, COUNTERS> COUNTER_NAMES = {
    "registry-loads",  "registry-failures", "registered-queries", "unregistered-queries",
    "denied-queries",  "refused-leases",    "registry-changes",   "copy-failures",
    "outcome-records", "outcome-failures",  "registry-reconnects"};

/// @brief What is as it is now, as places in Gauges.
enum Gauge : size_t {
    USERS,                                ///< users in force
    REGISTRY_SKIPPED,                     ///< bad records that the registry in force was loaded without
    STRANGERS,                            ///< clients kept that are not registered
    GAUGES_OF_FILES,                      ///< how many there are where a file is followed
    REGISTRY_CONNECTED = GAUGES_OF_FILES, ///< whether the database answered when it was asked last: 0 or 1
    REGISTRY_AGE,                         ///< seconds since it answered
    GAUGES                                ///< how many there are
};

/// @brief The names of the gauges; statistics have `user-chk.` before them.
inline constexpr std::array<const char*, GAUGES> GAUGE_NAMES = {"users", "registry-skipped", "strangers",
                                                                "registry-connected", "registry-age"};

/// @brief Functions that tell how it is.
typedef std::array<std::function<size_t()>, GAUGES> Gauges;

/// @brief What was counted since the library was loaded.
typedef std::array<uint64_t, COUNTERS> Counts;

/// @brief The library's entries in Kea's statistics (Kea manual, "Statistics").
///
/// Kea's own way of adding to a statistic takes a lock and the time of day, several times for each packet. So
/// the library counts by itself, and Kea is told what came up since the last time when somebody asks.
/// Statistics are there for as long as the object is. A count that was reset goes on from 0; a gauge is what
/// it is.
class Statistics {
public:
    /// @brief Sets all statistics to 0.
    ///
    /// @param of_database whether there are those of a database
    explicit Statistics(bool of_database);

    /// @brief Removes them.
    ~Statistics();

    Statistics(const Statistics&) = delete;
    Statistics& operator=(const Statistics&) = delete;

    /// @brief Brings Kea's statistics up to date. Any thread that may use Kea's statistics may call it.
    ///
    /// @param gauges tell how it is
    /// @param counts what was counted so far
    void publish(const Gauges& gauges, const Counts& counts);

private:
    const size_t gauges_;
    const size_t counters_;
    std::array<std::atomic<uint64_t>, COUNTERS> published_{};
};

} // namespace user_chk

#endif // USER_CHK_LIBRARY_STATISTICS_H
