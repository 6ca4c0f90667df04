// SPDX-License-Identifier: MPL-2.0
// Implements the capping of leases, which ends them with the registrations of their clients.

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <exchange/lease_end.h>

#include <dhcpsrv/lease_mgr_factory.h>

#include <algorithm>
#include <ctime>
#include <exception>

namespace user_chk {

using namespace isc::dhcp;

namespace {

void shorten(Lease4& lease, uint32_t most) {
    lease.valid_lft_ = std::min(lease.valid_lft_, most);
}

void shorten(Lease6& lease, uint32_t most) {
    lease.valid_lft_ = std::min(lease.valid_lft_, most);
    lease.preferred_lft_ = std::min(lease.preferred_lft_, most);
}

template <typename Lease>
void cap(Lease& lease, uint32_t seconds) {
    shorten(lease, seconds);
    // The server would otherwise reuse a lease that still lasts long enough.
    if (lease.reuseable_valid_lft_ > seconds) {
        lease.reuseable_valid_lft_ = 0;
    }
}

Lease4Ptr keptLease(LeaseMgr& leases, const GrantedLease& granted, const Lease4Ptr&) {
    return leases.getLease4(granted.address);
}

Lease6Ptr keptLease(LeaseMgr& leases, const GrantedLease& granted, const Lease6Ptr&) {
    return leases.getLease6(granted.prefix_length == 0 ? Lease::TYPE_NA : Lease::TYPE_PD, granted.address);
}

void update(LeaseMgr& leases, const Lease4Ptr& lease) {
    leases.updateLease4(lease);
}

void update(LeaseMgr& leases, const Lease6Ptr& lease) {
    leases.updateLease6(lease);
}

template <typename LeasePtr>
void capKeptLease(const GrantedLease& granted, uint32_t seconds) {
    LeaseMgr& leases = LeaseMgrFactory::instance();
    const LeasePtr lease = keptLease(leases, granted, LeasePtr());
    if (!lease) {
        return;
    }
    // Counted from when the client was last heard, which is now, or earlier if the server left its lease
    // unchanged.
    const int64_t most = std::max<int64_t>(1, std::time(nullptr) - lease->cltt_ + seconds);
    if (lease->valid_lft_ > most) {
        shorten(*lease, static_cast<uint32_t>(most));
        update(leases, lease);
    }
}

} // namespace

void capLease(Lease4& lease, uint32_t seconds) {
    cap(lease, seconds);
}

void capLease(Lease6& lease, uint32_t seconds) {
    cap(lease, seconds);
}

std::vector<UncappedLease> capKeptLeases(const GrantedLeases& granted, uint32_t seconds) {
    std::vector<UncappedLease> uncapped;
    for (const GrantedLease& lease : granted) {
        try {
            lease.address.isV4() ? capKeptLease<Lease4Ptr>(lease, seconds)
                                 : capKeptLease<Lease6Ptr>(lease, seconds);
        } catch (const std::exception& ex) {
            uncapped.push_back({lease.address, ex.what()});
        }
    }
    return uncapped;
}

} // namespace user_chk
