// SPDX-License-Identifier: MPL-2.0
// The callouts buffer4_receive, pkt4_receive and pkt6_receive: they decide on the client and set its classes.

#include <exchange/protocol.h>
#include <exchange/received_query.h>
#include <hooks/callout.h>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

// The library is closed, see configured.cc. The operator must know that, but not for each query.
template <typename Protocol>
int refuseAll(CalloutHandle& handle) {
    static SecondHand minutes(60);
    if (minutes.isNew()) {
        LOG_ERROR(user_chk_logger, Protocol::RECEIVE_ERROR).arg("the library is not loaded");
    }
    handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
    return 1;
}

template <typename Protocol>
int receive(CalloutHandle& handle) {
    if (alreadyDecided(handle)) {
        return 0;
    }
    if (!running_user_chk) {
        return refuseAll<Protocol>(handle);
    }
    return guarded(handle, Protocol::RECEIVE_ERROR, [&handle](UserChk& user_chk) {
        if (user_chk.isClosed()) {
            handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        } else {
            decide<Protocol>(user_chk, handle);
        }
    });
}

// Acts on the decision on a query that Kea may drop before any other callout sees it.
void actEarly(UserChk& user_chk, CalloutHandle& handle, Decision<Dhcp4>& decision,
              const Dhcp4::PktPtr& query) {
    const Dhcp4::PktPtr copy = unpackedCopy(query);
    if (!isSame(decision.verdict.client, user_chk.identification().idsOf(*copy))) {
        return;
    }
    Decision<Dhcp4> on_copy = decision;
    on_copy.query = copy.get();
    actOn(user_chk, handle, on_copy, *copy);
    decision.counted = true;
    decision.listed = true;
}

// Kea up to 3.0.3 drops the query of a client on its own link before pkt4_receive, when no subnet is open to
// its classes. The decision made here is used and accounted for in pkt4_receive.
int bufferReceived(CalloutHandle& handle) {
    if (handle.getStatus() == CalloutHandle::NEXT_STEP_DROP || !running_user_chk) {
        return 0;
    }
    return guarded(handle, Dhcp4::RECEIVE_ERROR, [&handle](UserChk& user_chk) {
        if (user_chk.isClosed()) {
            handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
            return;
        }
        const auto query = argument<Dhcp4::PktPtr>(handle, Dhcp4::QUERY);
        if (!hasHeader(query->data_)) { // the server drops it
            return;
        }
        const auto is_within = [&](const Scope& scope) {
            return comesFromWithin(unpackedCopy(query), scope, user_chk.site().findings());
        };
        const auto decision = judgeAndKeep<Dhcp4>(user_chk, handle, *query,
                                                  user_chk.identification().idsBefore(query), is_within);
        // A denied client has no class that a guard names.
        if (decision->verdict.denied() || mayHaveNoSubnet(query)) {
            actEarly(user_chk, handle, *decision, query);
        }
    });
}

} // namespace

void registerBufferCallout(isc::hooks::LibraryHandle& handle) {
    handle.registerCallout("buffer4_receive", bufferReceived);
}

} // namespace user_chk

extern "C" {

int pkt4_receive(CalloutHandle& handle) {
    return user_chk::receive<user_chk::Dhcp4>(handle);
}

int pkt6_receive(CalloutHandle& handle) {
    return user_chk::receive<user_chk::Dhcp6>(handle);
}

} // extern "C"
