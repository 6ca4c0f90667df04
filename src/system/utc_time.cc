// SPDX-License-Identifier: MPL-2.0
// Implements the formatting and parsing of times.

#include <system/utc_time.h>

#include <exceptions/exceptions.h>

#include <algorithm>
#include <ctime>
#include <regex>
#include <string_view>

namespace user_chk {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::system_clock;

namespace {

// Writes a number with leading zeros. A stream takes many times as long.
void put(char* at, int digits, int number) {
    for (char* digit = at + digits; digit != at; number /= 10) {
        *--digit = static_cast<char>('0' + number % 10);
    }
}

[[noreturn]] void refuseTime(const std::string& text) {
    isc_throw(isc::BadValue,
              "'" << text << "', must be a time in the form of RFC 3339, such as 2026-11-30T18:00:00Z");
}

int fieldIn(const std::smatch& parts, size_t index, int least, int most) {
    const int value = std::stoi(parts[index]);
    if (value < least || value > most) {
        refuseTime(parts[0]);
    }
    return value;
}

// Returns the fraction after the seconds, such as ".5"; 0 for none.
microseconds fraction(std::string digits) {
    digits.resize(6, '0');
    return microseconds(std::stol(digits));
}

// Returns how far the time is ahead of UTC.
minutes offset(const std::smatch& parts) {
    if (!parts[9].matched) {
        return minutes(0);
    }
    const int ahead = fieldIn(parts, 10, 0, 23) * 60 + fieldIn(parts, 11, 0, 59);
    return minutes(parts[9] == "-" ? -ahead : ahead);
}

bool isLeapYear(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int daysOf(int month, int year) {
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeapYear(year) ? 29 : DAYS[month - 1];
}

// Returns the days from 1970 to the first day of a year, negative for a year before 1970.
int daysTo(int year) {
    const int before = year - 1; // leap days until its end; there were 477 until the end of 1969
    return 365 * (year - 1970) + before / 4 - before / 100 + before / 400 - 477;
}

microseconds sinceEpoch(const std::smatch& parts) {
    const int year = fieldIn(parts, 1, 0, 9999);
    const int month = fieldIn(parts, 2, 1, 12);
    int days = fieldIn(parts, 3, 1, daysOf(month, year)) - 1;
    for (int earlier = 1; earlier < month; ++earlier) {
        days += daysOf(earlier, year);
    }
    days += daysTo(year);
    return hours(days * 24) + hours(fieldIn(parts, 4, 0, 23)) + minutes(fieldIn(parts, 5, 0, 59)) +
           seconds(fieldIn(parts, 6, 0, 60)) + fraction(parts[7]) - offset(parts);
}

// The clock ends in the year 2262, since it counts nanoseconds.
system_clock::time_point toClock(microseconds since_epoch) {
    const auto last = std::chrono::floor<microseconds>(system_clock::time_point::max());
    return system_clock::time_point(std::clamp(since_epoch, microseconds(0), last.time_since_epoch()));
}

} // namespace

char* writeUtc(std::chrono::system_clock::time_point time, char* to) {
    using namespace std::chrono;
    const auto since = duration_cast<milliseconds>(time.time_since_epoch());
    const std::time_t whole_seconds = duration_cast<seconds>(since).count();
    std::tm utc = {};
    ::gmtime_r(&whole_seconds, &utc);
    constexpr std::string_view FORM = "0000-00-00T00:00:00.000Z";
    static_assert(FORM.size() == UTC_LENGTH);
    char* const end = std::copy(FORM.begin(), FORM.end(), to);
    put(to, 4, utc.tm_year + 1900);
    put(to + 5, 2, utc.tm_mon + 1);
    put(to + 8, 2, utc.tm_mday);
    put(to + 11, 2, utc.tm_hour);
    put(to + 14, 2, utc.tm_min);
    put(to + 17, 2, utc.tm_sec);
    put(to + 20, 3, static_cast<int>(since.count() % 1000));
    return end;
}

std::string utcText(std::chrono::system_clock::time_point time) {
    std::string text(UTC_LENGTH, '\0');
    writeUtc(time, text.data());
    return text;
}

std::chrono::system_clock::time_point parseRfc3339(const std::string& text) {
    static const std::regex FORM(
        R"((\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d)))");
    std::smatch parts;
    if (!std::regex_match(text, parts, FORM)) {
        refuseTime(text);
    }
    return toClock(sinceEpoch(parts));
}

} // namespace user_chk
