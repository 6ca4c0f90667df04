// SPDX-License-Identifier: MPL-2.0
// Measures full loads: how long they take compared with just reading the rows, and how much memory they need.

#include <measures.h>

#include <database/connection.h>
#include <source/database_source.h>

#include <future>
#include <memory>
#include <stdexcept>

namespace user_chk {
namespace bench {

namespace {

// The minimum for any load: the rows are copied, and then ignored.
double secondsOfReading(const Place& place) {
    DatabaseConnection connection(settingsOf(place));
    connection.open(Clock::time_point::max());
    const auto begin = Clock::now();
    connection.copy(
        "COPY (SELECT type, id, attributes::text, version::text FROM user_chk.registry('all')) "
        "TO STDOUT (FORMAT binary)",
        [](const DatabaseConnection::Fields&) {}, Clock::time_point::max());
    return secondsSince(begin);
}

// Has a follower read everything in its thread.
class Reloads {
public:
    explicit Reloads(Follower& follower) : follower_(follower) {
        follower.followBeside([this](const LoadReport& report) {
            if (report.everything) {
                loaded_.set_value();
            }
        });
    }

    void reload() {
        loaded_ = std::promise<void>();
        follower_.reread();
        loaded_.get_future().get();
    }

private:
    Follower& follower_;
    std::promise<void> loaded_;
};

} // namespace

Figures measureLoads(const Place& place, size_t loads) {
    Figures figures;
    const double before = residentBytes();
    const auto begin = Clock::now();
    double processor = processorSeconds(CLOCK_PROCESS_CPUTIME_ID);
    Follower follower(makeDatabaseSource(settingsOf(place), nullptr));
    figures["first seconds"] = {secondsSince(begin)};
    figures["users"] = {static_cast<double>(follower.registry().size())};
    figures["first processor"] = {processorSeconds(CLOCK_PROCESS_CPUTIME_ID) - processor};
    figures["first peak"] = {peakBytes() - before};
    figures["table"] = {residentBytes() - before};
    Reloads reloads(follower);
    for (size_t load = 0; load < loads; ++load) {
        figures["reading"].push_back(secondsOfReading(place));
        residentBytes();
        forgetPeak();
        const auto again = Clock::now();
        processor = processorSeconds(CLOCK_PROCESS_CPUTIME_ID);
        reloads.reload();
        figures["seconds"].push_back(secondsSince(again));
        figures["processor"].push_back(processorSeconds(CLOCK_PROCESS_CPUTIME_ID) - processor);
        figures["peak"].push_back(peakBytes() - before);
    }
    follower.stop();
    return figures;
}

} // namespace bench
} // namespace user_chk
