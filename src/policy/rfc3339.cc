// SPDX-License-Identifier: MPL-2.0
// Implements the reading of a point in time as RFC 3339 writes it.

#include <policy/rfc3339.h>

#include <exceptions/exceptions.h>

#include <boost/date_time/posix_time/posix_time_types.hpp>

#include <algorithm>
#include <regex>

namespace user_chk {

using boost::posix_time::hours;
using boost::posix_time::microseconds;
using boost::posix_time::minutes;
using boost::posix_time::ptime;
using boost::posix_time::seconds;

namespace {

[[noreturn]] void refuse(const std::string& text) {
    isc_throw(isc::BadValue,
              "'" << text << "', must be a time as RFC 3339 has it, such as 2026-11-30T18:00:00Z");
}

int number(const std::smatch& parts, size_t index, int least, int most) {
    const int value = std::stoi(parts[index]);
    if (value < least || value > most) {
        refuse(parts[0]);
    }
    return value;
}

// The part after the seconds, such as ".5", none for zero.
microseconds fraction(std::string digits) {
    digits.resize(6, '0');
    return microseconds(std::stol(digits));
}

// How far the time is ahead of UTC.
minutes offset(const std::smatch& parts) {
    if (!parts[9].matched) {
        return minutes(0);
    }
    const int ahead = number(parts, 10, 0, 23) * 60 + number(parts, 11, 0, 59);
    return minutes(parts[9] == "-" ? -ahead : ahead);
}

ptime utc(const std::smatch& parts) {
    const boost::gregorian::date date(static_cast<unsigned short>(number(parts, 1, 1970, 9999)),
                                      static_cast<unsigned short>(number(parts, 2, 1, 12)),
                                      static_cast<unsigned short>(number(parts, 3, 1, 31)));
    return ptime(date, hours(number(parts, 4, 0, 23)) + minutes(number(parts, 5, 0, 59)) +
                           seconds(number(parts, 6, 0, 60)) + fraction(parts[7])) -
           offset(parts);
}

// The clock ends in the year 2262, since it counts nanoseconds; a time beyond that is its last one.
std::chrono::system_clock::time_point toClock(std::chrono::microseconds since_epoch) {
    using std::chrono::system_clock;
    const auto last = std::chrono::floor<std::chrono::microseconds>(system_clock::time_point::max());
    return system_clock::time_point(std::min(since_epoch, last.time_since_epoch()));
}

} // namespace

std::chrono::system_clock::time_point parseRfc3339(const std::string& text) {
    static const std::regex FORM(
        R"((\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d)))");
    std::smatch parts;
    if (!std::regex_match(text, parts, FORM)) {
        refuse(text);
    }
    try {
        const auto since_epoch = utc(parts) - ptime(boost::gregorian::date(1970, 1, 1));
        return toClock(std::chrono::microseconds(since_epoch.total_microseconds()));
    } catch (const std::out_of_range&) { // such as 31 June
        refuse(text);
    }
}

} // namespace user_chk
