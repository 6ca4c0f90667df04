// SPDX-License-Identifier: MPL-2.0
// Defines the periods in which clients had a lease, and derives them from the records.

#ifndef USER_CHK_PROGRAM_LEASE_PERIODS_H
#define USER_CHK_PROGRAM_LEASE_PERIODS_H

#include <program/outcome_line.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace user_chk::program {

/// @brief The end of a lease that never ends: it was granted for 4294967295 seconds (RFC 2131 section 3.3,
/// RFC 8415 section 7.7).
inline constexpr Moment NEVER = Moment::max();

/// @brief A record of one lease, in a compact form.
struct LeaseEvent {
    Moment time;                    ///< as it was recorded
    Moment order;                   ///< the time to sort by: the same, or earlier, see ClockStep
    uint32_t lifetime = 0;          ///< in seconds
    uint32_t client = 0;            ///< number of a RecordedClient
    uint32_t surroundings = 0;      ///< number of its Surroundings
    uint32_t run = 0;               ///< number of its run of records
    uint32_t lease = 0;             ///< number of the lease
    What what = What::NOTHING;      ///< what it tells
    std::optional<bool> registered; ///< whether the client was treated as a registered one
};

/// @brief Tells that a server's clock was set back. The times in between occurred twice.
///
/// The clock is assumed to be right afterwards: earlier events with a later time are sorted as if they had
/// happened at the time to which the clock was set.
struct ClockStep {
    Moment before; ///< the latest time before the clock was set back
    Moment after;  ///< the time to which it was set
    bool several =
        false; ///< whether it was set back several times: then nothing is known of what it showed when
};

/// @brief The maximum difference between the clocks of servers: Kea's pairs stop at a larger one (Kea manual,
/// "Clock Skew"). A clock that is set back by less cannot be distinguished from it.
inline constexpr std::chrono::seconds MOST_SKEW(60);

/// @brief How a client's period ended.
enum class Ending {
    RUNNING,    ///< it has not ended
    RELEASED,   ///< the client released the lease
    EXPIRED,    ///< the server recorded that the lease expired
    LAPSED,     ///< the lifetime was over, without a record
    DECLINED,   ///< the client found that another machine uses the address
    REVOKED,    ///< the server revoked the lease
    GIVEN,      ///< another client got it
    RESTANDING, ///< the same client kept the lease, but its registration began or ended
};

/// @brief What makes a period uncertain.
struct Doubts {
    bool grant_missing = false;       ///< there is no record of a grant: the period may have begun earlier
    bool other_grant_missing = false; ///< another client had the lease later, without a record of a grant
    bool clock_set_back = false;      ///< a server's clock was set back meanwhile
};

/// @brief A period in which a client had a lease.
struct Period {
    uint32_t client = 0;             ///< number of its RecordedClient
    uint32_t surroundings = 0;       ///< number of the Surroundings of its last grant
    std::optional<bool> registered;  ///< whether the client was treated as a registered one
    Moment from;                     ///< the first grant
    Moment granted;                  ///< the last grant
    Moment until;                    ///< the latest possible end; NEVER for none
    Ending ending = Ending::RUNNING; ///< how it ended
    Doubts doubts;                   ///< why its bounds are uncertain
    Moment from_order;               ///< the first grant, on a clock that was not set back
    Moment until_order;              ///< the latest possible end, on a clock that was not set back

    /// @brief True when the client may have had the lease at a time, as the server's clock showed it.
    bool covers(Moment time, const std::vector<ClockStep>& steps) const;
};

/// @brief Derives the periods of one lease.
///
/// A grant to the same client during its period prolongs it; a later one begins another period. A period ends
/// with a release, a decline, an expiry, a grant to another client, or else with the lifetime. When the
/// server was down, it recorded an expiry late; that does not prolong the period.
///
/// @param events the sorted records
/// @param clients the clients, indexed by their numbers
/// @param steps when clocks were set back
/// @param now a period that ends after this time has not ended
/// @return the periods in order.
std::vector<Period> periodsOf(const std::vector<LeaseEvent>& events,
                              const std::vector<RecordedClient>& clients, const std::vector<ClockStep>& steps,
                              Moment now);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_LEASE_PERIODS_H
