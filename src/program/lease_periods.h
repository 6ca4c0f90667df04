// SPDX-License-Identifier: MPL-2.0
// Defines the periods in which clients had a lease, and how they follow from what was recorded of it.

#ifndef USER_CHK_PROGRAM_LEASE_PERIODS_H
#define USER_CHK_PROGRAM_LEASE_PERIODS_H

#include <program/outcome_line.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace user_chk::program {

/// @brief The time of a lease that has no end: it was granted for 4294967295 seconds (RFC 2131 section 3.3,
/// RFC 8415 section 7.7).
inline constexpr Moment NEVER = Moment::max();

/// @brief A record of one lease, in a form that takes little memory.
struct LeaseEvent {
    Moment time;                    ///< as it was recorded
    Moment order;                   ///< by which it is sorted: the same, or earlier, see ClockStep
    uint32_t lifetime = 0;          ///< in seconds
    uint32_t client = 0;            ///< number of a RecordedClient
    uint32_t surroundings = 0;      ///< number of its Surroundings
    uint32_t run = 0;               ///< number of the run of records that it stands in
    uint32_t lease = 0;             ///< number of the lease
    What what = What::NOTHING;      ///< what it tells
    std::optional<bool> registered; ///< whether the registry knew the client
};

/// @brief That a server's clock was set back. What it showed between the two was there twice.
///
/// The clock counts as right afterwards: events before that show a later time are sorted as if they had been
/// at the time to which it was set.
struct ClockStep {
    Moment before; ///< the latest time that it showed before
    Moment after;  ///< the time to which it was set
    bool several =
        false; ///< whether it was set back several times: then nothing is known of what it showed when
};

/// @brief How far the clocks of servers may be apart: Kea's pairs stop where they are further (Kea manual,
/// "Clock Skew"). A clock that is set back by less is not told from them.
inline constexpr std::chrono::seconds MOST_SKEW(60);

/// @brief How a client's period ended.
enum class Ending {
    RUNNING,    ///< it has not
    RELEASED,   ///< its client gave it back
    EXPIRED,    ///< the server has recorded that it had ended
    LAPSED,     ///< its lifetime was over; there is no record of it
    DECLINED,   ///< its client found that another machine uses the address
    REVOKED,    ///< the server took it back
    GIVEN,      ///< another client got it
    RESTANDING, ///< the same client had it on, but was registered then, or was no longer
};

/// @brief What makes a period uncertain.
struct Doubts {
    bool grant_missing = false;       ///< it has no record of a grant: it may have begun earlier
    bool other_grant_missing = false; ///< another client had it later, but has no record of a grant
    bool clock_set_back = false;      ///< a server's clock was set back meanwhile
};

/// @brief A period in which a client had a lease.
struct Period {
    uint32_t client = 0;             ///< number of its RecordedClient
    uint32_t surroundings = 0;       ///< number of the Surroundings of its last grant
    std::optional<bool> registered;  ///< whether the registry knew the client
    Moment from;                     ///< its first grant
    Moment granted;                  ///< its last one
    Moment until;                    ///< its end at the latest; NEVER for none
    Ending ending = Ending::RUNNING; ///< how it ended
    Doubts doubts;                   ///< what its bounds are uncertain by
    Moment from_order;               ///< the same on a clock that was not set back
    Moment until_order;              ///< the same on a clock that was not set back

    /// @brief True when the client may have had the lease while the server's clock showed a time.
    bool covers(Moment time, const std::vector<ClockStep>& steps) const;
};

/// @brief Finds the periods of one lease.
///
/// A grant to the same client prolongs its period while that lasts, and begins another one later. What ends
/// a period is a release, a decline, an expiry, a grant to somebody else, or else the lifetime. An expiry is
/// recorded late when the server was down: it does not make a period longer.
///
/// @param events what was recorded, sorted
/// @param clients whose it is, by number
/// @param steps of clocks
/// @param now what is later than this has not ended
/// @return the periods in their order.
std::vector<Period> periodsOf(const std::vector<LeaseEvent>& events,
                              const std::vector<RecordedClient>& clients, const std::vector<ClockStep>& steps,
                              Moment now);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_LEASE_PERIODS_H
