// SPDX-License-Identifier: MPL-2.0
// Implements Statistics.

#include <library/statistics.h>

#include <stats/stats_mgr.h>

#include <string>

namespace user_chk {

using isc::stats::StatsMgr;

namespace {

const std::string PREFIX = "user-chk.";
const std::string USERS = "user-chk.users";

std::string nameOf(size_t counter) {
    return PREFIX + COUNTER_NAMES.at(counter);
}

// Advances a number and returns by how much. Of several threads each gets a part of its own.
uint64_t advance(std::atomic<uint64_t>& published, uint64_t count) {
    uint64_t before = published;
    while (before < count && !published.compare_exchange_weak(before, count)) {
    }
    return before < count ? count - before : 0;
}

// Of several threads the last one to set it has the latest number, or finds that it had an older one.
void setToLatest(const std::string& name, const std::function<size_t()>& number) {
    size_t set = 0;
    do {
        set = number();
        StatsMgr::instance().setValue(name, static_cast<int64_t>(set));
    } while (set != number());
}

} // namespace

Statistics::Statistics() {
    StatsMgr::instance().setValue(USERS, int64_t(0));
    for (size_t i = 0; i < COUNTERS; ++i) {
        StatsMgr::instance().setValue(nameOf(i), int64_t(0));
    }
}

Statistics::~Statistics() {
    StatsMgr::instance().del(USERS);
    for (size_t i = 0; i < COUNTERS; ++i) {
        StatsMgr::instance().del(nameOf(i));
    }
}

void Statistics::publish(const std::function<size_t()>& users, const Counts& counts) {
    setToLatest(USERS, users);
    for (size_t i = 0; i < COUNTERS; ++i) {
        const auto more = static_cast<int64_t>(advance(published_.at(i), counts.at(i)));
        if (more != 0) {
            StatsMgr::instance().addValue(nameOf(i), more);
        }
    }
}

} // namespace user_chk
