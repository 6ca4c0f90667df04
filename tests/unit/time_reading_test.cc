// SPDX-License-Identifier: MPL-2.0
// Tests the parsing of times.

#include <support/temp_dir.h>
#include <system/utc_time.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

#include <ctime>

using namespace std::chrono_literals;

namespace user_chk::time_reading_test {
namespace {

using std::chrono::system_clock;

// Microseconds since 1970.
int64_t micros(const std::string& text) {
    return std::chrono::duration_cast<std::chrono::microseconds>(parseRfc3339(text).time_since_epoch())
        .count();
}

// Seconds since 1970, for a time without a fraction.
int64_t secondsOf(const std::string& text) {
    const int64_t found = micros(text);
    EXPECT_EQ(0, found % 1000000) << text;
    return found / 1000000;
}

TEST(Rfc3339Test, countsFrom1970InUtc) {
    EXPECT_EQ(0, secondsOf("1970-01-01T00:00:00Z"));
    EXPECT_EQ(86399, secondsOf("1970-01-01T23:59:59Z"));
    EXPECT_EQ(1796061600, secondsOf("2026-11-30T18:00:00Z"));
    EXPECT_EQ(4102444800, secondsOf("2100-01-01T00:00:00Z"));
}

TEST(Rfc3339Test, takesSmallLetters) {
    EXPECT_EQ(1796061600, secondsOf("2026-11-30t18:00:00z"));
}

TEST(Rfc3339Test, anOffsetSaysHowFarTheTimeIsAheadOfUtc) {
    EXPECT_EQ(1796061600, secondsOf("2026-11-30T18:00:00+00:00"));
    EXPECT_EQ(1796061600, secondsOf("2026-11-30T18:00:00-00:00"));
    EXPECT_EQ(1796061600 - 3600, secondsOf("2026-11-30T18:00:00+01:00"));
    EXPECT_EQ(1796061600 + 5400, secondsOf("2026-11-30T18:00:00-01:30"));
    EXPECT_EQ(1796061600 - (23 * 60 + 59) * 60, secondsOf("2026-11-30T18:00:00+23:59"));
    EXPECT_EQ(secondsOf("2026-12-31T23:30:00Z"), secondsOf("2027-01-01T00:30:00+01:00"));
    EXPECT_EQ(60, secondsOf("1969-12-31T23:59:00-00:02"));
}

TEST(Rfc3339Test, fractionsCountToTheMicrosecond) {
    EXPECT_EQ(500000, micros("1970-01-01T00:00:00.5Z"));
    EXPECT_EQ(123456, micros("1970-01-01T00:00:00.123456Z"));
    EXPECT_EQ(123456, micros("1970-01-01T00:00:00.123456789Z"));
    EXPECT_EQ(9, micros("1970-01-01T00:00:00.000009Z"));
    EXPECT_EQ(0, micros("1970-01-01T00:00:00.000000000Z"));
    EXPECT_EQ(80000, micros("1970-01-01T00:00:00.080+00:00"));
}

TEST(Rfc3339Test, leapSecondIsTheFirstOfTheNextMinute) {
    EXPECT_EQ(secondsOf("2017-01-01T00:00:00Z"), secondsOf("2016-12-31T23:59:60Z"));
    EXPECT_EQ(secondsOf("2017-01-01T00:00:00Z"), secondsOf("2016-12-31T15:59:60-08:00"));
}

TEST(Rfc3339Test, knowsTheLengthsOfMonths) {
    EXPECT_EQ(86400, secondsOf("2028-03-01T00:00:00Z") - secondsOf("2028-02-29T00:00:00Z"));
    EXPECT_EQ(86400, secondsOf("2000-03-01T00:00:00Z") - secondsOf("2000-02-29T00:00:00Z"));
    for (const char* day :
         {"2026-02-29", "2100-02-29", "2026-02-30", "2026-04-31", "2026-06-31", "2026-09-31", "2026-11-31"}) {
        EXPECT_THROW(parseRfc3339(std::string(day) + "T00:00:00Z"), isc::BadValue) << day;
    }
}

TEST(Rfc3339Test, countsAsTheCLibraryDoes) {
    for (int year = 1970; year < 2262; ++year) {
        for (int month = 1; month <= 12; ++month) {
            std::tm parts = {};
            parts.tm_year = year - 1900;
            parts.tm_mon = month - 1;
            parts.tm_mday = 1;
            const std::string day = std::to_string(year) + (month < 10 ? "-0" : "-") + std::to_string(month);
            ASSERT_EQ(timegm(&parts), secondsOf(day + "-01T00:00:00Z")) << day;
        }
    }
}

// The clock of the standard library ends in 2262; people write far years for "never".
TEST(Rfc3339Test, aTimeThatIsTooFarAwayIsTheLastOneThereIs) {
    EXPECT_LT(parseRfc3339("2262-01-01T00:00:00Z"), system_clock::time_point::max() - 24h);
    for (const char* never : {"2263-01-01T00:00:00Z", "2999-12-31T23:59:59Z", "9999-12-31T23:59:59Z",
                              "9999-12-31T23:59:60.999999-23:59"}) {
        EXPECT_GT(parseRfc3339(never), system_clock::time_point::max() - 1s) << never;
    }
}

// Programs write a time in the distant past for "unset": Go's zero time is the first of these.
TEST(Rfc3339Test, aTimeBefore1970IsTheFirstMomentOfIt) {
    for (const char* past :
         {"0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "0000-02-29T00:00:00+23:59", "1601-01-01T00:00:00Z",
          "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00+00:01"}) {
        EXPECT_EQ(0, secondsOf(past)) << past;
    }
    for (const char* none : {"0001-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "1969-12-32T00:00:00Z"}) {
        EXPECT_THROW(parseRfc3339(none), isc::BadValue) << none;
    }
}

TEST(Rfc3339Test, refusesWhatIsOutOfRange) {
    for (const char* bad :
         {"2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
          "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00+24:00",
          "2026-01-01T00:00:00+00:60"}) {
        EXPECT_THROW(parseRfc3339(bad), isc::BadValue) << bad;
    }
}

std::string refusalOf(const std::string& text) {
    return "'" + text + "', must be a time in the form of RFC 3339, such as 2026-11-30T18:00:00Z";
}

TEST(Rfc3339Test, refusesWhatIsNoTime) {
    for (const std::string junk : {"",
                                   " ",
                                   "never",
                                   "2026-11-30",
                                   "18:00:00Z",
                                   "2026-11-30T18:00:00",
                                   "2026-11-30 18:00:00Z",
                                   "2026-11-30T18:00Z",
                                   "2026-11-30T18Z",
                                   "26-11-30T18:00:00Z",
                                   "2026-1-30T18:00:00Z",
                                   "2026-11-30T18:00:00+0100",
                                   "2026-11-30T18:00:00+01",
                                   "2026-11-30T18:00:00 Z",
                                   "2026-11-30T18:00:00ZZ",
                                   "2026-11-30T18:00:00.Z",
                                   "2026-11-30T18:00:00,5Z",
                                   "2026-11-30T18:00:00.1234567890Z",
                                   " 2026-11-30T18:00:00Z",
                                   "2026-11-30T18:00:00Z ",
                                   "2026-11-30T18:00:00Z\n",
                                   "20261130T180000Z",
                                   "-2026-11-30T18:00:00Z",
                                   "12026-11-30T18:00:00Z",
                                   "2026-11-30T18:00:00CET",
                                   "1796061600"}) {
        EXPECT_EQ(refusalOf(junk), test::messageOf<isc::BadValue>([&] { parseRfc3339(junk); }));
    }
    EXPECT_THROW(parseRfc3339(std::string("2026-11-30T18:00:00Z\0", 21)), isc::BadValue);
    EXPECT_THROW(parseRfc3339(std::string(60000, '2')), isc::BadValue);
}

TEST(Rfc3339Test, errorsNameTheWholeTime) {
    for (const std::string time : {"2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z"}) {
        EXPECT_EQ(refusalOf(time), test::messageOf<isc::BadValue>([&] { parseRfc3339(time); }));
    }
}

} // namespace
} // namespace user_chk::time_reading_test
