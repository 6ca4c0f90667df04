// SPDX-License-Identifier: MPL-2.0
// Tests that changes of the wall clock, by years in either direction, do not affect a server that follows a
// database.

#include <database/following.h>

#include <gtest/gtest.h>

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

namespace {

std::atomic<time_t> shift{0}; // of the wall clock, in seconds

} // namespace

// The C++ library calls this one instead of the C library's.
extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
    const long result = ::syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && clock == CLOCK_REALTIME) {
        time->tv_sec += shift;
    }
    return static_cast<int>(result);
}

namespace user_chk {
namespace {

using test::awaits;
using test::Following;
using test::insertOf;
using test::knownTo;
using test::PostgresServer;
using test::Session;
using test::settingsOf;

constexpr std::chrono::hours YEARS(24 * 3650);

void setClock(std::chrono::seconds by) {
    shift = by.count();
}

class ClockTest : public testing::TestWithParam<int> {
protected:
    ~ClockTest() override { setClock(std::chrono::seconds(0)); }

    void expectFollowed(const Following& following) {
        const Session session = server_.session(database_);
        EXPECT_TRUE(awaits([&] { return following.known() == knownTo(session); }));
    }

    PostgresServer server_;
    const std::string database_ = server_.makeDatabase();
};

TEST_P(ClockTest, doesNotMatterWhereItIsSet) {
    const auto before = std::chrono::system_clock::now();
    Following following(settingsOf(server_, database_));
    setClock(GetParam() * YEARS);
    ASSERT_LT(std::chrono::hours(24), std::chrono::abs(std::chrono::system_clock::now() - before));
    server_.session(database_).run(insertOf(1, "x"));
    expectFollowed(following);
    EXPECT_TRUE(following.lastReport(&LoadReport::changes, 1U));
    const auto age = following.follower().source().database()->age;
    EXPECT_LE(std::chrono::seconds(0), age);
    EXPECT_GT(std::chrono::hours(1), age);

    server_.stop("immediate");
    EXPECT_TRUE(following.reported(
        [](const LoadReport& report) { return report.outcome == LoadReport::Outcome::FAILED; }));
    setClock(std::chrono::seconds(0));
    server_.start();
    server_.session(database_).run(insertOf(2, "x"));
    expectFollowed(following);
    EXPECT_TRUE(following.reported([](const LoadReport& report) {
        return report.away > std::chrono::seconds(0) && report.away < std::chrono::hours(1);
    }));
    const auto reports = following.reports();
    EXPECT_EQ(1, std::count_if(reports.begin(), reports.end(), [](const LoadReport& report) {
                  return report.outcome == LoadReport::Outcome::FAILED;
              }));
    EXPECT_EQ(2, following.follower().source().database()->connections);
}

INSTANTIATE_TEST_SUITE_P(EitherWay, ClockTest, testing::Values(1, -1),
                         [](const auto& one) { return one.param > 0 ? "forward" : "back"; });

} // namespace
} // namespace user_chk
