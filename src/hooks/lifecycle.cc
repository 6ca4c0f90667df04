// SPDX-License-Identifier: MPL-2.0
// The callouts for the ends of leases: they record them.

#include <config.h> // Kea's own; its headers for TLS ask for it

#include <exchange/lifecycle.h>
#include <exchange/protocol.h>
#include <hooks/callout.h>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

// Has a record made. Whatever fails, the server goes on with the lease.
template <typename Make>
int recorded(CalloutHandle& handle, const Make& make) {
    if (alreadyDecided(handle)) {
        return 0; // another library keeps the lease
    }
    const int result = guarded(handle, USER_CHK_LIFECYCLE_ERROR, [&](UserChk& user_chk) {
        const OutcomeFile::Glance glance = user_chk.follow();
        const std::string record = make(user_chk);
        if (!record.empty()) {
            user_chk.record(record, 1, glance);
        }
    });
    handle.setStatus(CalloutHandle::NEXT_STEP_CONTINUE);
    return result;
}

template <typename Protocol>
int ended(CalloutHandle& handle, const char* message) {
    return recorded(handle, [&](UserChk& user_chk) {
        const auto decision = keptDecision<Protocol>(user_chk, handle);
        return endRecord<Protocol>(message, argument<typename Protocol::LeasePtr>(handle, Protocol::LEASE),
                                   *decision);
    });
}

template <typename Protocol>
int released(CalloutHandle& handle) {
    return ended<Protocol>(handle, "release");
}

template <typename Protocol>
int declined(CalloutHandle& handle) {
    return ended<Protocol>(handle, "decline");
}

template <typename Protocol>
int expired(CalloutHandle& handle) {
    return recorded(handle, [&](UserChk&) {
        return expiryRecord<Protocol>(argument<typename Protocol::LeasePtr>(handle, Protocol::LEASE));
    });
}

} // namespace

void registerLifecycle(isc::hooks::LibraryHandle& handle, bool is_v4) {
    if (is_v4) {
        handle.registerCallout("lease4_release", released<Dhcp4>);
        handle.registerCallout("lease4_decline", declined<Dhcp4>);
        handle.registerCallout("lease4_expire", expired<Dhcp4>);
    } else {
        handle.registerCallout("lease6_release", released<Dhcp6>);
        handle.registerCallout("lease6_decline", declined<Dhcp6>);
        handle.registerCallout("lease6_expire", expired<Dhcp6>);
    }
}

} // namespace user_chk
