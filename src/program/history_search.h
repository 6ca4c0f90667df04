// SPDX-License-Identifier: MPL-2.0
// Defines HistorySearch, which searches outcome files.

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

/// @brief The question: either an address or a prefix, or a client.
struct Question {
    std::optional<AddressRange> range; ///< the leases that contain it or lie in it
    std::string client_id;             ///< in hex digits, with colons
    std::string client_type;           ///< as in the registry; empty for any

    /// @brief Whether a line may concern the question. Never false for one that does.
    bool mayMatter(std::string_view line) const;

    /// @brief Whether a record concerns the question.
    bool matters(const OutcomeLine& line) const;
};

/// @brief Lines that could not be read.
struct UnreadLines {
    uint64_t count = 0;      ///< how many there are
    std::string first_file;  ///< the file of the first one
    uint64_t first_line = 0; ///< the line number of the first one
};

/// @brief Searches files, one after another. Not thread-safe.
class HistorySearch {
public:
    /// @brief Starts a search.
    explicit HistorySearch(Question question);

    /// @brief Searches a file. Only lines that may matter are parsed; of the others, it only checks whether
    /// they look like records.
    ///
    /// @throw isc::BadValue when the file cannot be read to its end, or is in the text format. What was found
    /// before is kept.
    void read(const std::string& path);

    /// @brief Returns what was found.
    AddressHistory& found() { return found_; }

    /// @brief Returns the lines that are not records in files with records, such as those that a killed
    /// server left.
    const UnreadLines& unread() const { return unread_; }

private:
    bool readObject(std::string_view text);
    void followClock(std::string_view time);
    void leaveOut(const HistoryFile& file);

    Question question_;
    OutcomeParser parser_;
    AddressHistory found_;
    UnreadLines unread_;
    std::string first_time_; // of the run; times can be compared as text
    std::string last_time_;  // the latest one of the run, or since the clock was set back
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_HISTORY_SEARCH_H
