// SPDX-License-Identifier: MPL-2.0
// Implements the parsing of outcome records in JSON.

#include <program/outcome_line.h>

#include <system/utc_time.h>

#include <exceptions/exceptions.h>

#include <simdjson.h>

#include <array>
#include <cstring>
#include <ctime>
#include <utility>

namespace user_chk::program {

struct OutcomeParser::Json {
    simdjson::dom::parser parser;
};

namespace {

using simdjson::dom::object;

std::string memberText(const object& record, const char* name) {
    std::string_view text;
    return record[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

uint32_t numberOf(const object& record, const char* name) {
    uint64_t number = 0;
    return record[name].get(number) == simdjson::SUCCESS && number <= UINT32_MAX
               ? static_cast<uint32_t>(number)
               : 0;
}

// Returns a number with all these digits; -1 when one is not a digit.
int digits(std::string_view text) {
    int number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') {
            return -1;
        }
        number = 10 * number + (c - '0');
    }
    return number;
}

std::optional<Moment> timeOf(const object& record) {
    const std::string text = memberText(record, "time");
    if (const auto time = quickTime(text)) {
        return time;
    }
    try {
        return parseRfc3339(text);
    } catch (const isc::BadValue&) {
        return std::nullopt;
    }
}

What whatOf(const std::string& message, uint32_t lifetime) {
    static const std::array<std::pair<const char*, What>, 5> MESSAGES = {{{"ack", What::GRANT},
                                                                          {"reply", What::GRANT},
                                                                          {"release", What::RELEASE},
                                                                          {"decline", What::DECLINE},
                                                                          {"expire", What::EXPIRE}}};
    for (const auto& [name, what] : MESSAGES) {
        if (message == name) {
            return what == What::GRANT && lifetime == 0 ? What::REVOKE : what;
        }
    }
    return What::NOTHING;
}

std::optional<bool> flagOf(const object& record, const char* name) {
    bool flag = false;
    return record[name].get(flag) == simdjson::SUCCESS ? std::make_optional(flag) : std::nullopt;
}

std::optional<OutcomeLine> parsedLine(const object& record) {
    const auto time = timeOf(record);
    OutcomeLine line;
    line.client = {memberText(record, "id-type"), memberText(record, "id"),
                   memberText(record, "matched-type"), memberText(record, "matched-id")};
    const std::string message = memberText(record, "message");
    if (!time || line.client.id.empty() || message.empty()) {
        return std::nullopt;
    }
    line.time = *time;
    line.lifetime = numberOf(record, "valid-lifetime");
    line.what = whatOf(message, line.lifetime);
    const std::string address = memberText(record, "address");
    line.lease = AddressRange::parse(address.empty() ? memberText(record, "prefix") : address);
    if (line.what != What::NOTHING && !line.lease) {
        return std::nullopt;
    }
    line.registered = flagOf(record, "registered");
    line.surroundings = {memberText(record, "server"), numberOf(record, "subnet-id"),
                         memberText(record, "interface"), memberText(record, "relay"),
                         memberText(record, "hostname")};
    return line;
}

} // namespace

size_t findText(std::string_view line, std::string_view wanted, size_t from) {
    const void* const found = ::memmem(line.data() + from, line.size() - from, wanted.data(), wanted.size());
    return found != nullptr ? static_cast<size_t>(static_cast<const char*>(found) - line.data())
                            : std::string_view::npos;
}

// A regular expression would take a hundred times as long.
std::optional<Moment> quickTime(std::string_view text) {
    if (text.size() != 24 || text[10] != 'T' || text[19] != '.' || text[23] != 'Z') {
        return std::nullopt;
    }
    std::tm utc = {};
    utc.tm_year = digits(text.substr(0, 4)) - 1900;
    utc.tm_mon = digits(text.substr(5, 2)) - 1;
    utc.tm_mday = digits(text.substr(8, 2));
    utc.tm_hour = digits(text.substr(11, 2));
    utc.tm_min = digits(text.substr(14, 2));
    utc.tm_sec = digits(text.substr(17, 2));
    const int thousandths = digits(text.substr(20, 3));
    if (utc.tm_year < 70 || utc.tm_year > 350 || utc.tm_mon < 0 || utc.tm_mon > 11 || utc.tm_mday < 1 ||
        utc.tm_hour < 0 || utc.tm_min < 0 || utc.tm_sec < 0 || thousandths < 0) {
        return std::nullopt;
    }
    return std::chrono::system_clock::from_time_t(::timegm(&utc)) + std::chrono::milliseconds(thousandths);
}

std::optional<std::string_view> quickText(std::string_view line, std::string_view name) {
    constexpr const char* BLANKS = " \t";
    for (size_t at = findText(line, name, 0); at != std::string_view::npos;
         at = findText(line, name, at + 1)) {
        size_t next = line.find_first_not_of(BLANKS, at + name.size());
        if (next == std::string_view::npos || line[next] != ':') {
            continue; // the value of another member
        }
        next = line.find_first_not_of(BLANKS, next + 1);
        const size_t end = next == std::string_view::npos ? next : line.find('"', next + 1);
        return end == std::string_view::npos || line[next] != '"'
                   ? std::nullopt
                   : std::make_optional(line.substr(next + 1, end - next - 1));
    }
    return std::nullopt;
}

OutcomeParser::OutcomeParser() : json_(std::make_unique<Json>()) {}

OutcomeParser::~OutcomeParser() = default;

std::optional<OutcomeLine> OutcomeParser::parse(std::string_view line) {
    object record;
    if (json_->parser.parse(line.data(), line.size(), false).get(record) != simdjson::SUCCESS) {
        return std::nullopt;
    }
    return parsedLine(record);
}

} // namespace user_chk::program
