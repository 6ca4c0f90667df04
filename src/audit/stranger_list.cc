// SPDX-License-Identifier: MPL-2.0
// Implements StrangerList.

#include <audit/stranger_list.h>

#include <algorithm>
#include <utility>

namespace user_chk {

namespace {

// After this time a client has come back, and is described anew. The queries of one exchange take less time.
constexpr std::chrono::seconds A_WHILE(1);

uint64_t secondOf(Stranger::Time time) {
    return static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

} // namespace

StrangerList::StrangerList(size_t most) : most_(most) {}

bool StrangerList::sawQuery(const UserId& id, Time now, const char* standing, const char* reason,
                            const std::function<StrangerTraits()>& describe) {
    if (!keeps()) {
        return false;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto place = find(id)) {
        const bool came_back = now - place->kept->stranger.first >= A_WHILE;
        see(*place, {now, standing, reason}, describe);
        move(*place, came_back ? BACK : std::max(place->part, TWICE));
        return false;
    }
    const auto seconds_ago = pushed_out_.take(HashOfId()(id), secondOf(now));
    const PartNumber part = !seconds_ago ? ONCE : *seconds_ago > A_WHILE.count() ? BACK : TWICE;
    makeRoom();
    parts_[part].push_front({Stranger{id, now, now}, Time()});
    see({part, parts_[part].begin()}, {now, standing, reason}, describe);
    return !seconds_ago;
}

std::optional<StrangerList::Place> StrangerList::find(const UserId& id) {
    for (const PartNumber number : {BACK, TWICE, ONCE}) {
        Part& part = parts_[number];
        const auto found = part.get<BY_ID>().find(id);
        if (found != part.get<BY_ID>().end()) {
            return Place{number, part.project<0>(found)};
        }
    }
    return std::nullopt;
}

void StrangerList::see(const Place& place, const Sight& sight,
                       const std::function<StrangerTraits()>& describe) {
    Part& part = parts_[place.part];
    const Kept& seen = *place.kept;
    seen.stranger.last = sight.time;
    ++seen.stranger.queries;
    seen.stranger.standing = sight.standing;
    seen.stranger.reason = sight.reason;
    if (sight.time - seen.described >= A_WHILE) {
        seen.stranger.traits = describe();
        seen.described = sight.time;
    }
    part.relocate(part.begin(), place.kept);
}

void StrangerList::move(const Place& place, PartNumber to) {
    if (to != place.part) {
        parts_[to].push_front(*place.kept);
        parts_[place.part].erase(place.kept);
    }
}

void StrangerList::makeRoom() {
    if (count() < most_) {
        return;
    }
    const size_t share = std::max<size_t>(most_ / 8, 1);
    auto full = std::find_if(parts_.begin(), parts_.end() - 1,
                             [share](const Part& part) { return part.size() >= share; });
    if (full->empty()) { // no part has its share
        full = std::find_if(parts_.begin(), parts_.end(), [](const Part& part) { return !part.empty(); });
    }
    const Stranger& oldest = full->back().stranger;
    pushed_out_.put(HashOfId()(oldest.id), secondOf(oldest.last));
    full->pop_back();
    ++pushed_out_count_;
}

void StrangerList::sawGrant(const UserId& id, std::optional<uint32_t> subnet_id,
                            const GrantedLeases& leases) {
    if (!keeps()) {
        return;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto place = find(id)) {
        place->kept->stranger.subnet_id = subnet_id;
        place->kept->stranger.leases.assign(leases.begin(), leases.end());
    }
}

std::vector<Stranger> StrangerList::list(size_t limit, std::optional<Time> since, const Keep& keep) {
    std::vector<Stranger> found;
    const std::lock_guard<std::mutex> lock(mutex_);
    std::array<Part::iterator, PARTS> next = {parts_[ONCE].begin(), parts_[TWICE].begin(),
                                              parts_[BACK].begin()};
    while (found.size() < limit) {
        std::optional<PartNumber> newest;
        for (const PartNumber number : {BACK, TWICE, ONCE}) {
            if (next[number] != parts_[number].end() &&
                (!newest || next[number]->stranger.last > next[*newest]->stranger.last)) {
                newest = number;
            }
        }
        if (!newest || (since && next[*newest]->stranger.last < *since)) {
            break;
        }
        auto& one = next[*newest];
        if (keep(one->stranger)) {
            found.push_back(one->stranger);
            ++one;
        } else {
            one = parts_[*newest].erase(one);
        }
    }
    return found;
}

size_t StrangerList::size() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return count();
}

size_t StrangerList::count() const {
    size_t all = 0;
    for (const Part& part : parts_) {
        all += part.size();
    }
    return all;
}

uint64_t StrangerList::pushedOut() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return pushed_out_count_;
}

} // namespace user_chk
