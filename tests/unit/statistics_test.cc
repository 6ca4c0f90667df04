// SPDX-License-Identifier: MPL-2.0
// Tests the library's entries in Kea's statistics.

#include <library/statistics.h>

#include <stats/stats_mgr.h>
#include <util/multi_threading_mgr.h>

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

using isc::stats::StatsMgr;
using isc::util::MultiThreadingMgr;

namespace user_chk::statistics_test {
namespace {

class StatisticsTest : public testing::Test {
protected:
    StatisticsTest() { MultiThreadingMgr::instance().setMode(true); }
    ~StatisticsTest() override { MultiThreadingMgr::instance().setMode(false); }

    static std::optional<int64_t> valueOf(const std::string& name) {
        const auto observation = StatsMgr::instance().getObservation("user-chk." + name);
        return observation ? std::optional<int64_t>(observation->getInteger().first) : std::nullopt;
    }

    static void publish(Statistics& statistics, const Counts& counts) {
        const auto none = [] { return size_t{0}; };
        statistics.publish({none, none, none, none, none}, counts);
    }

    static Counts countsWith(Counter counter, uint64_t count) {
        Counts counts = {};
        counts.at(counter) = count;
        return counts;
    }
};

TEST_F(StatisticsTest, areThereFromTheBeginningAndGoneInTheEnd) {
    {
        const Statistics statistics(true);
        for (const char* name : GAUGE_NAMES) {
            EXPECT_EQ(0, valueOf(name)) << name;
        }
        for (const char* name : COUNTER_NAMES) {
            EXPECT_EQ(0, valueOf(name)) << name;
        }
    }
    for (const char* name : GAUGE_NAMES) {
        EXPECT_EQ(std::nullopt, valueOf(name)) << name;
    }
    for (const char* name : COUNTER_NAMES) {
        EXPECT_EQ(std::nullopt, valueOf(name)) << name;
    }
}

TEST_F(StatisticsTest, areWhatWasCountedEachByItself) {
    Statistics statistics(true);
    Counts counts = {};
    for (size_t i = 0; i < COUNTERS; ++i) {
        counts.at(i) = 10 + i;
    }
    publish(statistics, counts);
    publish(statistics, counts);
    for (size_t i = 0; i < COUNTERS; ++i) {
        EXPECT_EQ(10 + i, valueOf(COUNTER_NAMES.at(i)));
    }
}

TEST_F(StatisticsTest, thoseOfADatabaseAreThereWithOneOnly) {
    const Statistics statistics(false);
    EXPECT_EQ(0, valueOf("users"));
    EXPECT_EQ(std::nullopt, valueOf("registry-connected"));
    EXPECT_EQ(std::nullopt, valueOf("registry-age"));
}

TEST_F(StatisticsTest, countOnFromZeroAfterAReset) {
    Statistics statistics(true);
    publish(statistics, countsWith(DENIED_QUERIES, 5));
    StatsMgr::instance().resetAll();
    publish(statistics, countsWith(DENIED_QUERIES, 5));
    EXPECT_EQ(0, valueOf("denied-queries"));
    publish(statistics, countsWith(DENIED_QUERIES, 7));
    EXPECT_EQ(2, valueOf("denied-queries"));
}

TEST_F(StatisticsTest, gaugesAreWhatTheyAreAfterAResetAndARemovalToo) {
    Statistics statistics(false);
    const auto publishAndExpect = [&] {
        statistics.publish({[] { return size_t{5}; }, [] { return size_t{2}; }, [] { return size_t{7}; }},
                           Counts());
        EXPECT_EQ(5, valueOf("users"));
        EXPECT_EQ(2, valueOf("registry-skipped"));
        EXPECT_EQ(7, valueOf("strangers"));
    };
    publishAndExpect();
    StatsMgr::instance().resetAll();
    publishAndExpect();
    StatsMgr::instance().removeAll();
    publishAndExpect();
}

TEST_F(StatisticsTest, usersAreTheLatestWhoeverPublishedLast) {
    Statistics statistics(false);
    // Between the two steps of this thread, another one sees and publishes a later number.
    size_t users = 5;
    bool overtaken = false;
    const auto none = [] { return size_t{0}; };
    statistics.publish({[&] {
                            const size_t seen = users;
                            if (!overtaken) {
                                overtaken = true;
                                users = 6;
                                statistics.publish({[&] { return users; }, none, none}, Counts());
                            }
                            return seen;
                        },
                        none, none},
                       Counts());
    EXPECT_EQ(6, valueOf("users"));
}

TEST_F(StatisticsTest, areRightWhoeverPublishes) {
    Statistics statistics(true);
    std::atomic<uint64_t> count{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 2000; ++n) {
                ++count;
                publish(statistics, countsWith(OUTCOME_RECORDS, count));
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(8000, valueOf("outcome-records"));
}

} // namespace
} // namespace user_chk::statistics_test
