// SPDX-License-Identifier: MPL-2.0
// Implements StrangerList.

#include <audit/stranger_list.h>

#include <algorithm>
#include <iterator>
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
                            const Describe& describe) {
    if (!keeps()) {
        return false;
    }
    const Key key = {id, HashOfId()(id)};
    const Sight sight = {now, standing, reason};
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto place = find(key)) {
        const bool came_back = now - place->kept->stranger.first >= A_WHILE;
        see(*place->kept, sight, describe);
        bringForward(*place, came_back ? BACK : std::max(place->part, TWICE));
        return false;
    }
    const auto seconds_ago = pushed_out_.take(key.hash, secondOf(now));
    const PartNumber part = !seconds_ago ? ONCE : *seconds_ago > A_WHILE.count() ? BACK : TWICE;
    see(add(part, key, now), sight, describe);
    return !seconds_ago;
}

std::optional<StrangerList::Place> StrangerList::find(const Key& key) {
    for (const PartNumber number : {BACK, TWICE, ONCE}) {
        Part& part = parts_[number];
        const auto found = part.get<BY_ID>().find(key, HashOf(), HasSameId());
        if (found != part.get<BY_ID>().end()) {
            return Place{number, part.project<0>(found)};
        }
    }
    return std::nullopt;
}

void StrangerList::see(const Kept& seen, const Sight& sight, const Describe& describe) {
    seen.stranger.last = sight.time;
    ++seen.stranger.queries;
    seen.stranger.standing = sight.standing;
    seen.stranger.reason = sight.reason;
    if (sight.time - seen.described >= A_WHILE) {
        describe(seen.stranger.traits);
        seen.described = sight.time;
    }
}

void StrangerList::bringForward(const Place& place, PartNumber to) {
    Part& from = parts_[place.part];
    if (to == place.part) {
        from.relocate(from.begin(), place.kept);
    } else {
        parts_[to].insert(parts_[to].begin(), from.extract(place.kept));
    }
}

// In the place of the one that is pushed out, whose memory it takes over.
const StrangerList::Kept& StrangerList::add(PartNumber part, const Key& key, Time now) {
    Part::node_type room = count() < most_ ? Part::node_type() : pushOut();
    if (room.empty()) {
        return *parts_[part].push_front({key.hash, Stranger{key.id, now, now}, Time()}).first;
    }
    Kept& kept = room.value();
    kept.hash = key.hash;
    kept.described = Time();
    Stranger& stranger = kept.stranger;
    stranger.id = key.id;
    stranger.first = now;
    stranger.queries = 0;
    stranger.subnet_id.reset();
    stranger.leases.clear();
    stranger.traits.clear();
    return *parts_[part].insert(parts_[part].begin(), std::move(room)).position;
}

StrangerList::Part::node_type StrangerList::pushOut() {
    const size_t share = std::max<size_t>(most_ / 8, 1);
    auto full = std::find_if(parts_.begin(), parts_.end() - 1,
                             [share](const Part& part) { return part.size() >= share; });
    if (full->empty()) { // no part has its share
        full = std::find_if(parts_.begin(), parts_.end(), [](const Part& part) { return !part.empty(); });
    }
    const Kept& oldest = full->back();
    pushed_out_.put(oldest.hash, secondOf(oldest.stranger.last));
    ++pushed_out_count_;
    return full->extract(std::prev(full->end()));
}

void StrangerList::sawGrant(const UserId& id, std::optional<uint32_t> subnet_id,
                            const GrantedLeases& leases) {
    if (!keeps()) {
        return;
    }
    const Key key = {id, HashOfId()(id)};
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto place = find(key)) {
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
