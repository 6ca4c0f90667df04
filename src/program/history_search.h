// SPDX-License-Identifier: MPL-2.0
// Defines HistorySearch, which finds in outcome files what is asked for.

#ifndef USER_CHK_PROGRAM_HISTORY_SEARCH_H
#define USER_CHK_PROGRAM_HISTORY_SEARCH_H

#include <program/address_history.h>
#include <program/address_range.h>
#include <program/history_file.h>
#include <program/outcome_line.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace user_chk::program {

/// @brief What is asked for: either an address or a prefix, or a client.
struct Question {
    std::optional<AddressRange> range; ///< whose leases hold it or lie in it
    std::string client_id;             ///< in hex digits, with colons
    std::string client_type;           ///< as in the registry; empty for any

    /// @brief Whether a line may tell of it. Never says no to one that does.
    bool mayMatter(std::string_view line) const;

    /// @brief Whether a record tells of it.
    bool matters(const OutcomeLine& line) const;
};

/// @brief Lines that could not be read.
struct UnreadLines {
    uint64_t count = 0;      ///< how many
    std::string first_file;  ///< where the first one stands
    uint64_t first_line = 0; ///< its number
};

/// @brief Goes through files, one after the other. For one thread at a time.
class HistorySearch {
public:
    /// @brief Asks.
    explicit HistorySearch(Question question);

    /// @brief Goes through a file. Only lines that may matter are parsed; of the others it is seen whether
    /// they look like records.
    ///
    /// @throw isc::BadValue when the file cannot be read to its end, or is in the text format. What was found
    /// until then is kept.
    void read(const std::string& path);

    /// @brief What was found.
    AddressHistory& found() { return found_; }

    /// @brief Lines in files with records that are none, as when a server was killed while it wrote.
    const UnreadLines& unread() const { return unread_; }

private:
    bool readObject(std::string_view text);
    void followClock(std::string_view time);
    void leaveOut(const HistoryFile& file);

    Question question_;
    OutcomeParser parser_;
    AddressHistory found_;
    UnreadLines unread_;
    std::string first_time_; // of the run; times as they are written can be compared
    std::string last_time_;  // the latest one since it began, or since the clock was set back
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_HISTORY_SEARCH_H
