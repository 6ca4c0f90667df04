// SPDX-License-Identifier: MPL-2.0
// Implements Statistics.

#include <library/statistics.h>

#include <stats/stats_mgr.h>

#include <string>
#include <vector>

namespace user_chk {

using isc::stats::StatsMgr;

namespace {

const std::string STATISTIC_PREFIX = "user-chk.";

// Returns the names of all statistics.
std::vector<std::string> allNames(size_t gauges, size_t counters) {
    std::vector<std::string> names;
    names.reserve(gauges + counters);
    for (size_t i = 0; i < gauges; ++i) {
        names.push_back(STATISTIC_PREFIX + GAUGE_NAMES.at(i));
    }
    for (size_t i = 0; i < counters; ++i) {
        names.push_back(STATISTIC_PREFIX + COUNTER_NAMES.at(i));
    }
    return names;
}

// Advances a number to a count and returns the difference. Concurrent threads share the difference.
uint64_t advance(std::atomic<uint64_t>& published, uint64_t count) {
    uint64_t before = published;
    while (before < count && !published.compare_exchange_weak(before, count)) {
    }
    return before < count ? count - before : 0;
}

// When several threads set it, the last one has the latest number, or notices that its number is outdated.
void setToLatest(const std::string& name, const std::function<size_t()>& number) {
    size_t set = 0;
    do {
        set = number();
        StatsMgr::instance().setValue(name, static_cast<int64_t>(set));
    } while (set != number());
}

} // namespace

Statistics::Statistics(bool of_database)
    : gauges_(of_database ? GAUGES : GAUGES_OF_FILES), counters_(of_database ? COUNTERS : COUNTERS_OF_FILES) {
    for (const std::string& name : allNames(gauges_, counters_)) {
        StatsMgr::instance().setValue(name, int64_t(0));
    }
}

Statistics::~Statistics() {
    for (const std::string& name : allNames(gauges_, counters_)) {
        StatsMgr::instance().del(name);
    }
}

void Statistics::publish(const Gauges& gauges, const Counts& counts) {
    for (size_t i = 0; i < gauges_; ++i) {
        setToLatest(STATISTIC_PREFIX + GAUGE_NAMES.at(i), gauges.at(i));
    }
    for (size_t i = 0; i < counters_; ++i) {
        const auto more = static_cast<int64_t>(advance(published_.at(i), counts.at(i)));
        if (more != 0) {
            StatsMgr::instance().addValue(STATISTIC_PREFIX + COUNTER_NAMES.at(i), more);
        }
    }
}

} // namespace user_chk
