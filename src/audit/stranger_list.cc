// SPDX-License-Identifier: MPL-2.0
// Implements StrangerList.

#include <audit/stranger_list.h>

#include <algorithm>
#include <iterator>

namespace user_chk {

namespace {

// After this time a client has come back, and is described anew. The queries of one exchange take less time.
constexpr std::chrono::seconds A_WHILE(1);

uint64_t secondOf(Stranger::Time time) {
    return static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

// About one for each client, and a power of 2.
size_t bucketsFor(size_t clients) {
    size_t buckets = 1;
    while (buckets < clients) {
        buckets *= 2;
    }
    return buckets;
}

} // namespace

StrangerList::StrangerList(size_t most, HashOfId hash)
    : most_(most), hash_of_(hash), buckets_(bucketsFor(most)),
      by_id_(Index::bucket_traits(buckets_.data(), buckets_.size())) {}

bool StrangerList::sawQuery(const UserId& id, Time now, const char* standing, const char* reason,
                            const Describe& describe) {
    if (!keeps()) {
        return false;
    }
    const Key key = {id, hash_of_(id)};
    const Sight sight = {now, standing, reason};
    const std::lock_guard<std::mutex> lock(mutex_);
    if (Kept* const kept = find(key)) {
        const bool came_back = now - kept->stranger.first >= A_WHILE;
        see(*kept, sight, describe);
        bringForward(*kept, came_back ? BACK : std::max(kept->part, TWICE));
        return false;
    }
    const auto seconds_ago = pushed_out_.take(key.hash, secondOf(now));
    const PartNumber part = !seconds_ago ? ONCE : *seconds_ago > A_WHILE.count() ? BACK : TWICE;
    see(add(key, part, now), sight, describe);
    return !seconds_ago;
}

StrangerList::Kept* StrangerList::find(const Key& key) {
    const auto found = by_id_.find(key, HashOf(), HasSameId());
    return found == by_id_.end() ? nullptr : &*found;
}

void StrangerList::see(Kept& seen, const Sight& sight, const Describe& describe) {
    seen.stranger.last = sight.time;
    ++seen.stranger.queries;
    seen.stranger.standing = sight.standing;
    seen.stranger.reason = sight.reason;
    if (sight.time - seen.described >= A_WHILE) {
        describe(seen.stranger.traits);
        seen.described = sight.time;
    }
}

void StrangerList::bringForward(Kept& kept, PartNumber to) {
    parts_[to].splice(parts_[to].begin(), parts_[kept.part], Part::s_iterator_to(kept));
    kept.part = to;
}

StrangerList::Kept& StrangerList::add(const Key& key, PartNumber part, Time now) {
    makeRoom(key.id);
    Kept& kept = free_.front(); // where it stays if there is no memory for what follows
    kept.hash = key.hash;
    kept.part = part;
    kept.described = Time();
    Stranger& stranger = kept.stranger;
    stranger.id = key.id;
    stranger.first = now;
    stranger.queries = 0;
    stranger.subnet_id.reset();
    stranger.leases.clear();
    stranger.traits.clear();
    free_.pop_front();
    by_id_.insert(kept);
    parts_[part].push_front(kept);
    return kept;
}

// Makes sure that one is free. The memory of a former client serves the new one.
void StrangerList::makeRoom(const UserId& id) {
    if (!free_.empty()) {
        return;
    }
    if (all_.size() < most_) {
        free_.push_front(all_.emplace_back(id));
    } else {
        pushOut();
    }
}

void StrangerList::pushOut() {
    const size_t share = std::max<size_t>(most_ / 8, 1);
    auto full = std::find_if(parts_.begin(), parts_.end() - 1,
                             [share](const Part& part) { return part.size() >= share; });
    if (full->empty()) { // no part has its share
        full = std::find_if(parts_.begin(), parts_.end(), [](const Part& part) { return !part.empty(); });
    }
    const Kept& oldest = full->back();
    pushed_out_.put(oldest.hash, secondOf(oldest.stranger.last));
    ++pushed_out_count_;
    forget(std::prev(full->end()));
}

void StrangerList::sawGrant(const UserId& id, std::optional<uint32_t> subnet_id,
                            const GrantedLeases& leases) {
    if (!keeps()) {
        return;
    }
    const Key key = {id, hash_of_(id)};
    const std::lock_guard<std::mutex> lock(mutex_);
    if (Kept* const kept = find(key)) {
        kept->stranger.subnet_id = subnet_id;
        kept->stranger.leases.assign(leases.begin(), leases.end());
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
            one = forget(one);
        }
    }
    return found;
}

// Returns the one behind it.
StrangerList::Part::iterator StrangerList::forget(const Part::iterator& kept) {
    Kept& forgotten = *kept;
    const auto next = parts_[forgotten.part].erase(kept);
    by_id_.erase(by_id_.iterator_to(forgotten));
    free_.push_front(forgotten);
    return next;
}

size_t StrangerList::size() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return all_.size() - free_.size();
}

uint64_t StrangerList::pushedOut() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return pushed_out_count_;
}

} // namespace user_chk
