// SPDX-License-Identifier: MPL-2.0
// Implements AddressHistory.

#include <program/address_history.h>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace user_chk::program {

void AddressHistory::beginRun() {
    ++run_;
}

void AddressHistory::take(const OutcomeLine& line) {
    if (line.what == What::NOTHING || !line.lease) {
        return;
    }
    LeaseEvent event;
    event.time = event.order = line.time;
    event.lifetime = line.lifetime;
    event.client = clients_.numberOf(line.client);
    event.surroundings = surroundings_.numberOf(line.surroundings);
    event.run = run_;
    event.lease = leases_.numberOf(*line.lease);
    event.what = line.what;
    event.registered = line.registered;
    events_.push_back(event);
}

bool AddressHistory::goBack(const ClockStep& step) {
    for (auto event = events_.rbegin();
         event != events_.rend() && event->run == run_ && event->order > step.after; ++event) {
        event->order = step.after;
    }
    if (step.before - step.after <= MOST_SKEW) {
        return false;
    }
    ClockStep whole = step;
    const auto overlaps = [&whole](const ClockStep& other) {
        return other.before >= whole.after && other.after <= whole.before;
    };
    const auto others =
        std::partition(steps_.begin(), steps_.end(), [&](const auto& it) { return !overlaps(it); });
    for (auto other = others; other != steps_.end(); ++other) {
        whole = {std::max(whole.before, other->before), std::min(whole.after, other->after), true};
    }
    steps_.erase(others, steps_.end());
    steps_.push_back(whole);
    return true;
}

std::vector<std::pair<AddressRange, Period>> AddressHistory::periods(Moment now) {
    std::stable_sort(events_.begin(), events_.end(), [](const LeaseEvent& one, const LeaseEvent& other) {
        return std::tie(one.lease, one.order, one.run) < std::tie(other.lease, other.order, other.run);
    });
    std::vector<uint32_t> leases(leases_.values().size());
    std::iota(leases.begin(), leases.end(), 0);
    std::sort(leases.begin(), leases.end(), [this](uint32_t one, uint32_t other) {
        return leases_.values()[one] < leases_.values()[other];
    });
    std::vector<std::pair<AddressRange, Period>> found;
    for (const uint32_t lease : leases) {
        LeaseEvent wanted;
        wanted.lease = lease;
        const auto [first, last] = std::equal_range(
            events_.begin(), events_.end(), wanted,
            [](const LeaseEvent& one, const LeaseEvent& other) { return one.lease < other.lease; });
        for (const Period& period : periodsOf({first, last}, clients_.values(), steps_, now)) {
            found.emplace_back(leases_.values()[lease], period);
        }
    }
    return found;
}

} // namespace user_chk::program
