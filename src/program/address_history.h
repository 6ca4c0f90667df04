// SPDX-License-Identifier: MPL-2.0
// Defines AddressHistory, which collects and sorts the records of the leases in question.

#ifndef USER_CHK_PROGRAM_ADDRESS_HISTORY_H
#define USER_CHK_PROGRAM_ADDRESS_HISTORY_H

#include <program/lease_periods.h>
#include <program/outcome_line.h>

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace user_chk::program {

/// @brief Assigns numbers to values, of which there are few, and which are repeated often.
template <typename Value>
class Numbered {
public:
    /// @brief Returns the number of a value; a new value gets a new number.
    uint32_t numberOf(const Value& value) {
        const auto [found, is_new] = numbers_.try_emplace(value, static_cast<uint32_t>(values_.size()));
        if (is_new) {
            values_.push_back(value);
        }
        return found->second;
    }

    /// @brief Returns all values, indexed by their numbers.
    const std::vector<Value>& values() const { return values_; }

private:
    std::map<Value, uint32_t> numbers_;
    std::vector<Value> values_;
};

/// @brief The recorded history of the leases in question. Not thread-safe.
///
/// It needs some 60 bytes of memory for each of their records. Files may come in any order. The records of
/// one file are assumed to be written in the order in which they appear, whatever the clock showed.
class AddressHistory {
public:
    /// @brief Starts with another file, or with records that appear before earlier ones in the same file.
    void beginRun();

    /// @brief Takes a record. One that is not about a lease is ignored.
    void take(const OutcomeLine& line);

    /// @brief Notes that the next record of this run has an earlier time than a previous one.
    ///
    /// @param step the latest time so far, and the time of the next record
    /// @return false when the difference is so small that it may be due to the threads and servers that write
    /// to one file.
    bool goBack(const ClockStep& step);

    /// @brief Returns the periods of all leases, ordered by lease and time.
    ///
    /// @param now a period that ends after this time has not ended
    std::vector<std::pair<AddressRange, Period>> periods(Moment now);

    /// @brief Returns the clients, indexed by their numbers.
    const std::vector<RecordedClient>& clients() const { return clients_.values(); }

    /// @brief Returns the surroundings, indexed by their numbers.
    const std::vector<Surroundings>& surroundings() const { return surroundings_.values(); }

    /// @brief Returns when clocks were set back; overlapping steps are merged.
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
