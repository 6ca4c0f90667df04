// SPDX-License-Identifier: MPL-2.0
// The callouts for leases: they cap the leases in the server's database, so that these end with the
// registrations.

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <exchange/lease_end.h>
#include <exchange/protocol.h>
#include <hooks/callout.h>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

template <typename Protocol>
int leaseEnd(CalloutHandle& handle) {
    if (alreadyDecided(handle)) {
        return 0;
    }
    const int result = guarded(handle, Protocol::LEASE_ERROR, [&handle](UserChk& user_chk) {
        const DecisionPtr<Protocol> decision = keptDecision<Protocol>(user_chk, handle);
        if (const auto seconds = decision->verdict.seconds_left) {
            capLease(*argument<typename Protocol::LeasePtr>(handle, Protocol::LEASE), *seconds);
        }
    });
    // "drop" has no meaning here; the response is checked again later.
    handle.setStatus(CalloutHandle::NEXT_STEP_CONTINUE);
    return result;
}

} // namespace

void registerLeases(isc::hooks::LibraryHandle& handle, bool is_v4) {
    if (is_v4) {
        handle.registerCallout("lease4_select", leaseEnd<Dhcp4>);
        handle.registerCallout("lease4_renew", leaseEnd<Dhcp4>);
    } else {
        handle.registerCallout("lease6_select", leaseEnd<Dhcp6>);
        handle.registerCallout("lease6_renew", leaseEnd<Dhcp6>);
        handle.registerCallout("lease6_rebind", leaseEnd<Dhcp6>);
    }
}

} // namespace user_chk
