// SPDX-License-Identifier: MPL-2.0
// The callouts for leases that make those of the server end with the registrations of their clients, and what
// does so afterwards.

#include <config.h> // Kea's own; its headers for TLS ask for it
#include <hooks/lease_end.h>

#include <exchange/protocol.h>
#include <hooks/callout.h>

#include <dhcpsrv/lease_mgr_factory.h>
#include <hooks/library_handle.h>

#include <algorithm>
#include <ctime>

using isc::dhcp::Lease;
using isc::dhcp::Lease4;
using isc::dhcp::Lease4Ptr;
using isc::dhcp::Lease6;
using isc::dhcp::Lease6Ptr;
using isc::dhcp::LeaseMgr;
using isc::dhcp::LeaseMgrFactory;
using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

void shorten(Lease4& lease, uint32_t most) {
    lease.valid_lft_ = std::min(lease.valid_lft_, most);
}

void shorten(Lease6& lease, uint32_t most) {
    lease.valid_lft_ = std::min(lease.valid_lft_, most);
    lease.preferred_lft_ = std::min(lease.preferred_lft_, most);
}

template <typename Protocol>
void cap(UserChk& user_chk, CalloutHandle& handle) {
    const DecisionPtr<Protocol> decision = keptDecision<Protocol>(user_chk, handle);
    if (const auto seconds = decision->verdict.seconds_left) {
        const auto lease = argument<typename Protocol::LeasePtr>(handle, Protocol::LEASE);
        shorten(*lease, *seconds);
        // The server would leave as it is what it takes for good enough.
        if (lease->reuseable_valid_lft_ > *seconds) {
            lease->reuseable_valid_lft_ = 0;
        }
    }
}

template <typename Protocol>
int leaseEnd(CalloutHandle& handle) {
    if (alreadyDecided(handle)) {
        return 0;
    }
    const int result = guarded(handle, Protocol::LEASE_ERROR,
                               [&handle](UserChk& user_chk) { cap<Protocol>(user_chk, handle); });
    // "drop" means nothing here; the response is looked at once more.
    handle.setStatus(CalloutHandle::NEXT_STEP_CONTINUE);
    return result;
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
void endKeptLease(const GrantedLease& granted, uint32_t seconds) {
    LeaseMgr& leases = LeaseMgrFactory::instance();
    const LeasePtr lease = keptLease(leases, granted, LeasePtr());
    if (!lease) {
        return;
    }
    // From when the client was heard last, which is now, or earlier where the server left its lease as it
    // was.
    const int64_t most = std::max<int64_t>(1, std::time(nullptr) - lease->cltt_ + seconds);
    if (lease->valid_lft_ > most) {
        shorten(*lease, static_cast<uint32_t>(most));
        update(leases, lease);
    }
}

} // namespace

void endKeptLeases(const GrantedLeases& granted, uint32_t seconds) {
    for (const GrantedLease& lease : granted) {
        try {
            lease.address.isV4() ? endKeptLease<Lease4Ptr>(lease, seconds)
                                 : endKeptLease<Lease6Ptr>(lease, seconds);
        } catch (const std::exception& ex) {
            LOG_WARN(user_chk_logger, USER_CHK_LEASE_NOT_ENDED).arg(lease.address.toText()).arg(ex.what());
        }
    }
}

void registerLeaseEnds4(isc::hooks::LibraryHandle& handle) {
    handle.registerCallout("lease4_select", leaseEnd<Dhcp4>);
    handle.registerCallout("lease4_renew", leaseEnd<Dhcp4>);
}

void registerLeaseEnds6(isc::hooks::LibraryHandle& handle) {
    handle.registerCallout("lease6_select", leaseEnd<Dhcp6>);
    handle.registerCallout("lease6_renew", leaseEnd<Dhcp6>);
    handle.registerCallout("lease6_rebind", leaseEnd<Dhcp6>);
}

} // namespace user_chk
