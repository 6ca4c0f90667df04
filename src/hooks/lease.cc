// SPDX-License-Identifier: MPL-2.0
// The callouts for leases: they refuse those which would take a client out of its restricted subnet.

#include <config.h> // Kea's own; its headers for TLS ask for it
#include <hooks/lease.h>

#include <policy/reservation.h>

#include <hooks/library_handle.h>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

// Kea's allocation engine goes through the subnets of a shared network, and may end in another than ours.
template <typename Protocol>
void check(CalloutHandle& handle) {
    const DecisionPtr<Protocol> decision = keptDecision<Protocol>(handle);
    if (!decision->restricted) {
        return;
    }
    const auto lease = argument<typename Protocol::LeasePtr>(handle, Protocol::LEASE);
    if (lease->subnet_id_ == decision->subnet->getID()) {
        return;
    }
    refuse(*decision, lease->addr_);
    // The server ends by a null pointer when it is told to skip a lease that it gives because it is reserved.
    // What siblingClaim() does not find ends here: the lease is not told to the client.
    if (!isReserved(lease->subnet_id_, lease->addr_)) {
        handle.setStatus(CalloutHandle::NEXT_STEP_SKIP);
    }
}

template <typename Protocol>
int lease(CalloutHandle& handle) {
    if (alreadyDecided(handle)) {
        return 0;
    }
    const int result = guarded(handle, Protocol::LEASE_ERROR, [&handle] { check<Protocol>(handle); });
    if (result != 0) {
        // Neither "drop", which means nothing here, nor "skip", which the server may not survive: what is
        // wrong with the lease is found again when the response is sent.
        handle.setStatus(CalloutHandle::NEXT_STEP_CONTINUE);
    }
    return result;
}

} // namespace

template <typename Protocol>
void refuse(Decision<Protocol>& decision, const isc::asiolink::IOAddress& address) {
    decision.refused = true;
    const auto tell = [&decision, &address](isc::log::Logger::Formatter message) {
        message.arg(clientText(decision.verdict))
            .arg(address.toText())
            .arg(decision.subnet->toText())
            .arg(requireUserChk().parameters().registered_class);
    };
    if (requireUserChk().tellsOfRefusal()) {
        tell(user_chk_logger.warn(USER_CHK_LEASE_REFUSED));
    } else if (user_chk_logger.isDebugEnabled(isc::log::DBGLVL_TRACE_BASIC)) {
        tell(user_chk_logger.debug(isc::log::DBGLVL_TRACE_BASIC, USER_CHK_LEASE_REFUSED));
    }
}

template void refuse(Decision<Dhcp4>& decision, const isc::asiolink::IOAddress& address);
template void refuse(Decision<Dhcp6>& decision, const isc::asiolink::IOAddress& address);

void registerLeaseCallouts4(isc::hooks::LibraryHandle& handle) {
    handle.registerCallout("lease4_select", lease<Dhcp4>);
    handle.registerCallout("lease4_renew", lease<Dhcp4>);
}

void registerLeaseCallouts6(isc::hooks::LibraryHandle& handle) {
    handle.registerCallout("lease6_select", lease<Dhcp6>);
    handle.registerCallout("lease6_renew", lease<Dhcp6>);
    handle.registerCallout("lease6_rebind", lease<Dhcp6>);
}

} // namespace user_chk
