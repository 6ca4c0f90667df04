// SPDX-License-Identifier: MPL-2.0
// Defines OutcomeLine, a parsed record of an outcome file in JSON.

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

/// @brief A point in time, as a server's clock showed it.
typedef std::chrono::system_clock::time_point Moment;

/// @brief What a record says of a lease.
enum class What : uint8_t {
    GRANT,   ///< it was granted or prolonged
    RELEASE, ///< the client released it
    DECLINE, ///< the client found that another machine uses it
    EXPIRE,  ///< the server found that it expired
    REVOKE,  ///< the server revoked it, by granting it for 0 seconds
    NOTHING  ///< it was only offered or refused
};

/// @brief A client in a record.
struct RecordedClient {
    std::string type;         ///< the type of its id, as in the registry: `HW_ADDR`
    std::string id;           ///< in hex digits, with colons
    std::string matched_type; ///< the type of the identifier that decided, if it was another one
    std::string matched_id;   ///< that identifier

    /// @brief Orders by all members.
    bool operator<(const RecordedClient& other) const {
        return std::tie(type, id, matched_type, matched_id) <
               std::tie(other.type, other.id, other.matched_type, other.matched_id);
    }
};

/// @brief What else is recorded with a lease; empty where a record does not say.
struct Surroundings {
    std::string server;     ///< `kea-dhcp4` or `kea-dhcp6`
    uint32_t subnet_id = 0; ///< the lease's subnet
    std::string interface;  ///< the server's interface
    std::string relay;      ///< the relay that forwarded the query
    std::string hostname;   ///< the client's host name

    /// @brief Orders by all members.
    bool operator<(const Surroundings& other) const {
        return std::tie(server, subnet_id, interface, relay, hostname) <
               std::tie(other.server, other.subnet_id, other.interface, other.relay, other.hostname);
    }
};

/// @brief A record of a lease.
struct OutcomeLine {
    Moment time;                       ///< when it was made
    What what = What::NOTHING;         ///< what it says
    std::optional<AddressRange> lease; ///< the lease; none for a refused query
    uint32_t lifetime = 0;             ///< in seconds
    std::optional<bool> registered;    ///< whether the client was treated as a registered one, if recorded
    RecordedClient client;             ///< the client
    Surroundings surroundings;         ///< the rest of the record
};

/// @brief Like string_view::find(), which would stop at each of the many quotes of a line.
size_t findText(std::string_view line, std::string_view wanted, size_t from = 0);

/// @brief Finds a text in a line without parsing the line, to skip irrelevant lines fast.
///
/// @param line a line of JSON
/// @param name a member in quotes, such as `"address"`
/// @return the value without its quotes; none when there is no such member, or its value is not a string.
std::optional<std::string_view> quickText(std::string_view line, std::string_view name);

/// @brief Parses a time in the form that the library writes: `2026-11-22T03:32:34.007Z`.
///
/// @return none for any other text.
std::optional<Moment> quickTime(std::string_view text);

/// @brief Parses lines. Not thread-safe.
class OutcomeParser {
public:
    OutcomeParser();
    ~OutcomeParser();
    OutcomeParser(const OutcomeParser&) = delete;
    OutcomeParser& operator=(const OutcomeParser&) = delete;

    /// @brief Parses a line.
    ///
    /// @param line the line, followed by HistoryFile::PADDING readable bytes
    /// @return none when it is not a record, for example because it is incomplete.
    std::optional<OutcomeLine> parse(std::string_view line);

private:
    struct Json;

    std::unique_ptr<Json> json_;
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_OUTCOME_LINE_H
