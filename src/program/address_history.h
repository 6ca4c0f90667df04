// SPDX-License-Identifier: MPL-2.0
// Defines AddressHistory, which keeps the records of the leases that are asked for and puts them in order.

#ifndef USER_CHK_PROGRAM_ADDRESS_HISTORY_H
#define USER_CHK_PROGRAM_ADDRESS_HISTORY_H

#include <program/lease_periods.h>
#include <program/outcome_line.h>

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace user_chk::program {

/// @brief Numbers values that are few and come often.
template <typename Value>
class Numbered {
public:
    /// @brief The number of a value, a new one if it has none yet.
    uint32_t numberOf(const Value& value) {
        const auto [found, is_new] = numbers_.try_emplace(value, static_cast<uint32_t>(values_.size()));
        if (is_new) {
            values_.push_back(value);
        }
        return found->second;
    }

    /// @brief All values by their numbers.
    const std::vector<Value>& values() const { return values_; }

private:
    std::map<Value, uint32_t> numbers_;
    std::vector<Value> values_;
};

/// @brief What was recorded of the leases that are asked for. For one thread at a time.
///
/// Memory grows with their records, some 60 bytes for each. Files may come in any order. The records of one
/// file count as written in the order in which they stand, whatever the clock showed.
class AddressHistory {
public:
    /// @brief Begins with another file, or with records in one that stand before those that came before.
    void beginRun();

    /// @brief Takes a record; of one that tells of no lease nothing is kept.
    void take(const OutcomeLine& line);

    /// @brief Takes it that the next record of this run shows an earlier time than one before it.
    ///
    /// @param step the latest time that records have shown, and that of the next one
    /// @return false when the difference is no more than that of threads, and servers, that write to one
    /// file.
    bool goBack(const ClockStep& step);

    /// @brief The periods of all leases, by lease, then in their order.
    ///
    /// @param now what is later than this has not ended
    std::vector<std::pair<AddressRange, Period>> periods(Moment now);

    /// @brief Clients by their numbers.
    const std::vector<RecordedClient>& clients() const { return clients_.values(); }

    /// @brief Surroundings by their numbers.
    const std::vector<Surroundings>& surroundings() const { return surroundings_.values(); }

    /// @brief When clocks were set back; those that overlap are one.
    const std::vector<ClockStep>& steps() const { return steps_; }

private:
    std::vector<LeaseEvent> events_;
    Numbered<RecordedClient> clients_;
    Numbered<Surroundings> surroundings_;
    Numbered<AddressRange> leases_;
    std::vector<ClockStep> steps_;
    uint32_t run_ = 0;
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_ADDRESS_HISTORY_H
