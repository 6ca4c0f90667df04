// SPDX-License-Identifier: MPL-2.0
// Measures a start from the last good copy while the database is unavailable, compared with a start from a
// file with the same users.

#include <measures.h>

#include <source/database_source.h>
#include <source/last_good_copy.h>
#include <support/file_follower.h>

#include <functional>
#include <stdexcept>

namespace user_chk {
namespace bench {

namespace {

double timed(size_t users, const std::function<std::unique_ptr<Follower>()>& start) {
    const auto begin = Clock::now();
    const std::unique_ptr<Follower> follower = start();
    const double seconds = secondsSince(begin);
    if (follower->registry().size() != users) {
        throw std::runtime_error("not all users were loaded");
    }
    return seconds;
}

} // namespace

Figures measureCopy(const Place& place, const std::string& directory, size_t starts) {
    const std::string path = directory + "/copy.txt";
    const auto makeCopy = [&](const Source& source) { return LastGoodCopy(path, source.name()); };
    Figures figures;
    size_t users = 0;
    {
        const Follower follower(makeDatabaseSource(settingsOf(place), nullptr));
        users = follower.registry().size();
        const auto begin = Clock::now();
        const double processor = processorSeconds(CLOCK_THREAD_CPUTIME_ID);
        makeCopy(follower.source()).write(*follower.registry().users(), follower.source().cursor());
        figures["writing"] = {secondsSince(begin)};
        figures["writing processor"] = {processorSeconds(CLOCK_THREAD_CPUTIME_ID) - processor};
    }
    DatabaseSettings away = settingsOf(place);
    away.port = 1; // nobody listens there
    for (size_t start = 0; start < starts; ++start) {
        figures["copy"].push_back(timed(users, [&] {
            auto source = makeDatabaseSource(away, nullptr);
            Fallback fallback;
            fallback.copy = [&, copy = makeCopy(*source)] { return copy.read(nullptr); };
            return std::make_unique<Follower>(std::move(source), fallback);
        }));
        figures["file"].push_back(timed(users, [&] { return std::make_unique<test::FileFollower>(path); }));
    }
    return figures;
}

} // namespace bench
} // namespace user_chk
