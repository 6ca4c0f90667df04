// SPDX-License-Identifier: MPL-2.0
// Implements how a time is written.

#include <system/utc_time.h>

#include <ctime>

namespace user_chk {

namespace {

// Puts a number in the place of as many digits, zeroes in front of it. A stream takes many times as long.
void put(char* at, int digits, int number) {
    for (char* digit = at + digits; digit != at; number /= 10) {
        *--digit = static_cast<char>('0' + number % 10);
    }
}

} // namespace

std::string utcText(std::chrono::system_clock::time_point time) {
    using namespace std::chrono;
    const auto since = duration_cast<milliseconds>(time.time_since_epoch());
    const std::time_t whole_seconds = duration_cast<seconds>(since).count();
    std::tm utc = {};
    ::gmtime_r(&whole_seconds, &utc);
    std::string text = "0000-00-00T00:00:00.000Z";
    put(&text[0], 4, utc.tm_year + 1900);
    put(&text[5], 2, utc.tm_mon + 1);
    put(&text[8], 2, utc.tm_mday);
    put(&text[11], 2, utc.tm_hour);
    put(&text[14], 2, utc.tm_min);
    put(&text[17], 2, utc.tm_sec);
    put(&text[20], 3, static_cast<int>(since.count() % 1000));
    return text;
}

} // namespace user_chk
