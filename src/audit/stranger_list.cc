// SPDX-License-Identifier: MPL-2.0
// Implements StrangerList.

#include <audit/stranger_list.h>

#include <algorithm>
#include <utility>

namespace user_chk {

namespace {

// From when on a client has come back, and is asked anew what it tells of itself. The queries of one exchange
// come within less.
constexpr std::chrono::seconds A_WHILE(1);

uint64_t secondOf(Stranger::Time time) {
    return static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

} // namespace

StrangerList::StrangerList(size_t most)
    : most_(most), most_regulars_(most - std::min(most, std::max<size_t>(most / 8, 1))) {}

bool StrangerList::sawQuery(const UserId& id, Time now, const char* standing, const char* reason,
                            const std::function<StrangerTraits()>& describe) {
    if (most_ == 0) {
        return false;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    for (Part* part : {&regulars_, &once_}) {
        const auto found = part->get<BY_ID>().find(id);
        if (found != part->get<BY_ID>().end()) {
            const auto kept = part->project<0>(found);
            see(*part, kept, {now, standing, reason}, describe);
            if (part == &once_ && now - kept->stranger.first >= A_WHILE) {
                promote(kept);
            }
            return false;
        }
    }
    const auto seconds_ago = pushed_out_.take(HashOfId()(id), secondOf(now));
    Part& part = seconds_ago && *seconds_ago > A_WHILE.count() && most_regulars_ != 0 ? regulars_ : once_;
    makeRoomIn(part);
    part.push_front({Stranger{id, now, now}, Time()});
    see(part, part.begin(), {now, standing, reason}, describe);
    return !seconds_ago;
}

void StrangerList::see(Part& part, Part::iterator kept, const Sight& sight,
                       const std::function<StrangerTraits()>& describe) {
    part.modify(kept, [&](Kept& seen) {
        seen.stranger.last = sight.time;
        ++seen.stranger.queries;
        seen.stranger.standing = sight.standing;
        seen.stranger.reason = sight.reason;
        if (sight.time - seen.described >= A_WHILE) {
            seen.stranger.traits = describe();
            seen.described = sight.time;
        }
    });
    part.relocate(part.begin(), kept);
}

void StrangerList::promote(Part::iterator kept) {
    if (most_regulars_ == 0) {
        return;
    }
    Kept moved = *kept;
    once_.erase(kept);
    makeRoomIn(regulars_);
    regulars_.push_front(std::move(moved));
}

void StrangerList::makeRoomIn(Part& part) {
    Part* full = nullptr;
    if (&part == &regulars_ && regulars_.size() == most_regulars_) {
        full = &regulars_;
    } else if (regulars_.size() + once_.size() == most_) {
        full = &once_;
    }
    if (full != nullptr) {
        const Stranger& oldest = full->back().stranger;
        pushed_out_.put(HashOfId()(oldest.id), secondOf(oldest.last));
        full->pop_back();
        ++pushed_out_count_;
    }
}

void StrangerList::sawGrant(const UserId& id, std::optional<uint32_t> subnet_id,
                            std::vector<std::string> leases) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (Part* part : {&regulars_, &once_}) {
        const auto found = part->get<BY_ID>().find(id);
        if (found != part->get<BY_ID>().end()) {
            part->modify(part->project<0>(found), [&](Kept& kept) {
                kept.stranger.subnet_id = subnet_id;
                kept.stranger.leases = std::move(leases);
            });
            return;
        }
    }
}

std::vector<Stranger> StrangerList::list(size_t limit, std::optional<Time> since, const Keep& keep) {
    std::vector<Stranger> found;
    const std::lock_guard<std::mutex> lock(mutex_);
    auto regular = regulars_.begin();
    auto once = once_.begin();
    while (found.size() < limit && (regular != regulars_.end() || once != once_.end())) {
        const bool is_regular = once == once_.end() ||
                                (regular != regulars_.end() && regular->stranger.last >= once->stranger.last);
        Part& part = is_regular ? regulars_ : once_;
        auto& next = is_regular ? regular : once;
        if (since && next->stranger.last < *since) {
            break;
        }
        if (keep(next->stranger)) {
            found.push_back(next->stranger);
            ++next;
        } else {
            next = part.erase(next);
        }
    }
    return found;
}

size_t StrangerList::size() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return regulars_.size() + once_.size();
}

uint64_t StrangerList::pushedOut() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return pushed_out_count_;
}

} // namespace user_chk
