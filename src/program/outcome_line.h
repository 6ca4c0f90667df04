// SPDX-License-Identifier: MPL-2.0
// Defines OutcomeLine, what a line of an outcome file in JSON tells of a lease, and how it is read.

#ifndef USER_CHK_PROGRAM_OUTCOME_LINE_H
#define USER_CHK_PROGRAM_OUTCOME_LINE_H

#include <program/address_range.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace user_chk::program {

/// @brief A point in time, by the clock of a server.
typedef std::chrono::system_clock::time_point Moment;

/// @brief What a record tells of a lease.
enum class What : uint8_t {
    GRANT,   ///< it was granted or prolonged
    RELEASE, ///< its client gave it back
    DECLINE, ///< its client found that another machine uses it
    EXPIRE,  ///< the server found that it had ended
    REVOKE,  ///< the server took it back: it was granted for no time at all
    NOTHING  ///< it was offered or refused only
};

/// @brief A client as records have it.
struct RecordedClient {
    std::string type;         ///< of its id, as in the registry: `HW_ADDR`
    std::string id;           ///< in hex digits, with colons
    std::string matched_type; ///< of the identifier that has decided where that was another one; else empty
    std::string matched_id;   ///< that identifier

    /// @brief Orders by all of it.
    bool operator<(const RecordedClient& other) const {
        return std::tie(type, id, matched_type, matched_id) <
               std::tie(other.type, other.id, other.matched_type, other.matched_id);
    }
};

/// @brief What else is recorded with a lease; empty where a record does not tell.
struct Surroundings {
    std::string server;     ///< `kea-dhcp4` or `kea-dhcp6`
    uint32_t subnet_id = 0; ///< the lease's subnet
    std::string interface;  ///< of the server
    std::string relay;      ///< where the client was behind one
    std::string hostname;   ///< the client's

    /// @brief Orders by all of it.
    bool operator<(const Surroundings& other) const {
        return std::tie(server, subnet_id, interface, relay, hostname) <
               std::tie(other.server, other.subnet_id, other.interface, other.relay, other.hostname);
    }
};

/// @brief A record of a lease.
struct OutcomeLine {
    Moment time;                       ///< when it was made
    What what = What::NOTHING;         ///< what it tells
    std::optional<AddressRange> lease; ///< of what; nothing for a query that was refused
    uint32_t lifetime = 0;             ///< in seconds
    std::optional<bool> registered;    ///< whether the registry knew the client, where that was asked
    RecordedClient client;             ///< whose it is
    Surroundings surroundings;         ///< where
};

/// @brief As string_view::find(), which stops at each of the many quotes of a line.
size_t findText(std::string_view line, std::string_view wanted, size_t from = 0);

/// @brief Finds a text in a line without parsing the line: fast, for lines that do not matter.
///
/// @param line a line of JSON
/// @param name a member in quotes, such as `"address"`
/// @return what stands between the quotes of its value; nothing when there is no such member, or its value is
/// no text.
std::optional<std::string_view> quickText(std::string_view line, std::string_view name);

/// @brief Reads a time as the library writes it: `2026-11-22T03:32:34.007Z`.
///
/// @return nothing for any other text.
std::optional<Moment> quickTime(std::string_view text);

/// @brief Parses lines. For one thread at a time.
class OutcomeParser {
public:
    OutcomeParser();
    ~OutcomeParser();
    OutcomeParser(const OutcomeParser&) = delete;
    OutcomeParser& operator=(const OutcomeParser&) = delete;

    /// @brief Parses a line.
    ///
    /// @param line the line, with HistoryFile::PADDING readable bytes behind it
    /// @return nothing when it is no record, as when a part of it is missing.
    std::optional<OutcomeLine> parse(std::string_view line);

private:
    struct Json;

    std::unique_ptr<Json> json_;
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_OUTCOME_LINE_H
