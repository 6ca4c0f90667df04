// SPDX-License-Identifier: MPL-2.0
// Implements the derivation of periods from records.

#include <program/lease_periods.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace user_chk::program {

namespace {

constexpr uint32_t INFINITE = UINT32_MAX;

Moment endOf(const LeaseEvent& grant) {
    const std::chrono::seconds lifetime(grant.lifetime);
    return grant.lifetime == INFINITE || grant.time > NEVER - lifetime ? NEVER : grant.time + lifetime;
}

Ending endingBy(What what) {
    switch (what) {
    case What::RELEASE:
        return Ending::RELEASED;
    case What::DECLINE:
        return Ending::DECLINED;
    case What::REVOKE:
        return Ending::REVOKED;
    default:
        return Ending::EXPIRED;
    }
}

// Walks through the records of a lease. In between, the last period may be open.
class Walk {
public:
    explicit Walk(const std::vector<RecordedClient>& clients) : clients_(clients) {}

    void take(const LeaseEvent& event) {
        if (event.what == What::GRANT) {
            grant(event);
        } else if (open_ && (isSame(current().client, event.client) || hasOtherType(event.client))) {
            end(event);
        } else if (event.what != What::REVOKE) {
            endOfAnother(event);
        }
    }

    std::vector<Period> finish(Moment now) {
        if (open_ && current().until <= now) {
            current().ending = Ending::LAPSED;
        }
        return std::move(periods_);
    }

private:
    Period& current() { return periods_.back(); }

    // A client may not always send the same id; then the identifier that decided tells whether it is the
    // same.
    bool isSame(uint32_t first, uint32_t second) const {
        const RecordedClient& one = clients_[first];
        const RecordedClient& other = clients_[second];
        if (one.type == other.type) {
            return one.id == other.id;
        }
        return std::tie(one.matched_type, one.matched_id) == std::tie(other.type, other.id) ||
               std::tie(other.matched_type, other.matched_id) == std::tie(one.type, one.id);
    }

    // When the end of a lease is recorded with another type of id, it cannot be told from an end by its
    // holder.
    bool hasOtherType(uint32_t client) const {
        return clients_[client].type != clients_[periods_.back().client].type;
    }

    void grant(const LeaseEvent& event) {
        if (open_ && event.time > current().until) {
            lapse(event);
        } else if (open_ && isSame(current().client, event.client)) {
            if (event.registered == current().registered) {
                prolong(event);
                return;
            }
            cut(event, Ending::RESTANDING);
        } else if (open_) {
            cut(event, Ending::GIVEN);
        }
        begin(event);
    }

    void begin(const LeaseEvent& event) {
        Period period;
        period.client = event.client;
        period.registered = event.registered;
        period.from = event.time;
        period.from_order = event.order;
        last_of_[idOf(event.client)] = periods_.size();
        periods_.push_back(period);
        open_ = true;
        prolong(event);
    }

    void prolong(const LeaseEvent& event) {
        current().granted = event.time;
        current().until = current().until_order = endOf(event);
        current().surroundings = event.surroundings;
    }

    void cut(const LeaseEvent& event, Ending ending) {
        current().until = event.time;
        current().until_order = event.order;
        current().ending = ending;
        open_ = false;
    }

    void lapse(const LeaseEvent& event) {
        current().until_order = std::min(current().until, event.order);
        current().ending = Ending::LAPSED;
        open_ = false;
    }

    void end(const LeaseEvent& event) {
        if (event.time <= current().until) {
            cut(event, endingBy(event.what));
            return;
        }
        lapse(event);
        if (event.what == What::EXPIRE) {
            current().ending = Ending::EXPIRED;
        } else {
            endWithoutGrant(event); // only the holder can release a lease
        }
    }

    // Handles the end of a lease that, by the records so far, the client does not have.
    void endOfAnother(const LeaseEvent& event) {
        const auto last = last_of_.find(idOf(event.client));
        if (last == last_of_.end()) {
            endWithoutGrant(event);
            return;
        }
        Period& period = periods_[last->second];
        if (event.what == What::EXPIRE) {
            period.ending = period.ending == Ending::LAPSED ? Ending::EXPIRED : period.ending;
        } else if (period.ending == Ending::GIVEN && event.time - period.until <= MOST_SKEW) {
            period.ending = endingBy(event.what);
        } else if (last->second + 1 != periods_.size()) {
            endWithoutGrant(event); // otherwise it is a repetition
        }
    }

    // The client had the lease, at least for a moment: for its lifetime, but not while another client had it.
    void endWithoutGrant(const LeaseEvent& event) {
        Period period;
        period.client = event.client;
        period.surroundings = event.surroundings;
        period.registered = event.registered;
        period.from = event.time - std::chrono::seconds(event.lifetime == INFINITE ? 0 : event.lifetime);
        if (open_) {
            period.from = std::max(period.from, current().granted);
            if (event.time > current().until) {
                lapse(event);
            } else {
                cut(event, Ending::GIVEN);
                current().doubts.other_grant_missing = true;
            }
        } else if (!periods_.empty()) {
            period.from = std::max(period.from, current().until);
        }
        period.from = period.granted = std::min(period.from, event.time);
        period.from_order = std::min(period.from, event.order);
        period.until = event.time;
        period.until_order = event.order;
        period.ending = endingBy(event.what);
        period.doubts.grant_missing = true;
        last_of_[idOf(event.client)] = periods_.size();
        periods_.push_back(period);
    }

    std::pair<std::string, std::string> idOf(uint32_t client) const {
        return {clients_[client].type, clients_[client].id};
    }

    const std::vector<RecordedClient>& clients_;
    std::vector<Period> periods_;
    std::map<std::pair<std::string, std::string>, size_t> last_of_; // the latest period of a client
    bool open_ = false;
};

// Whether a period begins before a clock was set back, and ends after that.
bool crosses(const Period& period, const ClockStep& step) {
    const bool begins_before =
        period.from_order < step.after || (period.from_order == step.after && period.from > step.after);
    const bool ends_after =
        period.until_order > step.after || (period.until_order == step.after && period.until == step.after);
    return begins_before && ends_after;
}

bool touches(const Period& period, const ClockStep& step) {
    return std::min(period.from, period.from_order) <= step.before &&
           std::max(period.until, period.until_order) >= step.after;
}

} // namespace

bool Period::covers(Moment time, const std::vector<ClockStep>& steps) const {
    bool crossed = false;
    for (const ClockStep& step : steps) {
        if (step.several ? touches(*this, step) : crosses(*this, step)) {
            crossed = true;
            const Moment first = step.several ? std::min(from, step.after) : from;
            if ((first <= time && time <= step.before) || (step.after <= time && time < until)) {
                return true;
            }
        }
    }
    return (from_order <= time && time < until_order) || (!crossed && from <= time && time < until);
}

std::vector<Period> periodsOf(const std::vector<LeaseEvent>& events,
                              const std::vector<RecordedClient>& clients, const std::vector<ClockStep>& steps,
                              Moment now) {
    Walk walk(clients);
    for (const LeaseEvent& event : events) {
        walk.take(event);
    }
    std::vector<Period> periods = walk.finish(now);
    for (Period& period : periods) {
        period.doubts.clock_set_back = std::any_of(
            steps.begin(), steps.end(), [&](const ClockStep& step) { return touches(period, step); });
    }
    return periods;
}

} // namespace user_chk::program
