// SPDX-License-Identifier: MPL-2.0
// The callouts for the ends of leases: they record them.

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <exchange/lifecycle.h>
#include <exchange/protocol.h>
#include <hooks/callout.h>

#include <string>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

// Records the end of a lease. On any error, the server proceeds with the lease.
template <typename Work>
int recording(CalloutHandle& handle, const Work& work) {
    if (alreadyDecided(handle)) {
        return 0; // another library keeps the lease
    }
    const int result = guarded(handle, USER_CHK_LIFECYCLE_ERROR, work);
    handle.setStatus(CalloutHandle::NEXT_STEP_CONTINUE);
    return result;
}

void recordEnd(UserChk& user_chk, const std::string& text, const OutcomeFile::Glance& glance) {
    if (!text.empty()) {
        user_chk.record(text, 1, glance);
    }
}

template <typename Protocol>
int ended(CalloutHandle& handle, const char* message) {
    return recording(handle, [&](UserChk& user_chk) {
        const auto decision = keptDecision<Protocol>(user_chk, handle);
        const auto lease = argument<typename Protocol::LeasePtr>(handle, Protocol::LEASE);
        recordEnd(user_chk, endRecord<Protocol>(message, lease, *decision), decision->glance);
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
    return recording(handle, [&](UserChk& user_chk) {
        const auto lease = argument<typename Protocol::LeasePtr>(handle, Protocol::LEASE);
        recordEnd(user_chk, expiryRecord<Protocol>(lease), user_chk.follow());
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
