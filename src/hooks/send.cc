// SPDX-License-Identifier: MPL-2.0
// The callouts pkt4_send and pkt6_send: they limit a response to what its client may have, then record it.

#include <audit/record_text.h>
#include <exchange/circumstances.h>
#include <exchange/protocol.h>
#include <exchange/response.h>
#include <hooks/callout.h>

#include <exceptions/exceptions.h>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

// Logs that a lease is withheld from a client. The operator should find out what gave it to the client.
template <typename Protocol>
void tellOfRefusal(UserChk& user_chk, const Decision<Protocol>& decision, const GrantedLease& lease) {
    user_chk.count(REFUSED_LEASES);
    const auto tell = [&](isc::log::Logger::Formatter message) {
        message.arg(clientText(decision.verdict)).arg(textOf(lease)).arg(decision.subnet->toText());
    };
    if (user_chk.tellsOfRefusal()) {
        tell(user_chk_logger.warn(USER_CHK_LEASE_REFUSED));
    } else if (user_chk_logger.isDebugEnabled(isc::log::DBGLVL_TRACE_BASIC)) {
        tell(user_chk_logger.debug(isc::log::DBGLVL_TRACE_BASIC, USER_CHK_LEASE_REFUSED));
    }
}

template <typename Protocol>
void tell(UserChk& user_chk, const Decision<Protocol>& decision, const FinishedResponse& finished) {
    for (const GrantedLease& lease : finished.refused) {
        tellOfRefusal(user_chk, decision, lease);
        recordRefusal(user_chk, decision, "it is outside of the restricted subnet", lease);
    }
    for (const UncappedLease& lease : finished.uncapped) {
        LOG_WARN(user_chk_logger, USER_CHK_LEASE_NOT_ENDED).arg(lease.address.toText()).arg(lease.reason);
    }
}

// Returns false when a required record could not be written. A client without an id cannot be recorded.
template <typename Protocol>
bool record(UserChk& user_chk, const Decision<Protocol>& decision, const typename Protocol::Pkt& response,
            GrantedLeases& granted) {
    const Parameters& parameters = user_chk.parameters();
    if (!isRecorded(parameters.outcome_events, *decision.query, response)) {
        return true;
    }
    if (decision.verdict.recordedId() == nullptr) {
        return false;
    }
    TextWriter records;
    writeRecords(parameters.outcome_format, decision, response, granted, records);
    return user_chk.record(records.text(), granted.size(), decision.glance);
}

// Notes what an unregistered client was granted.
template <typename Protocol>
void list(UserChk& user_chk, const Decision<Protocol>& decision, const typename Protocol::Pkt& response,
          const GrantedLeases& granted) {
    const UserId* id = decision.verdict.listedId();
    if (decision.verdict.registered() || id == nullptr || !user_chk.strangers().keeps() ||
        !leases(*decision.query, response)) {
        return;
    }
    user_chk.strangers().sawGrant(*id, decision.subnet ? decision.subnet->getID() : 0, granted);
}

// The record comes last, so that nothing that fails is recorded as granted.
template <typename Protocol>
void finishAndRecord(UserChk& user_chk, CalloutHandle& handle) {
    const auto response = argument<typename Protocol::PktPtr>(handle, Protocol::RESPONSE);
    const DecisionPtr<Protocol> decision = keptDecision<Protocol>(user_chk, handle);
    FinishedResponse finished = finishResponse(*decision, *response);
    tell(user_chk, *decision, finished);
    if (!finished.granted.empty()) {
        list<Protocol>(user_chk, *decision, *response, finished.granted);
    }
    if (!finished.sent) {
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
    } else if (!finished.granted.empty() && !record(user_chk, *decision, *response, finished.granted) &&
               user_chk.parameters().outcome_failure == Parameters::Failure::DROP) {
        LOG_DEBUG(user_chk_logger, isc::log::DBGLVL_TRACE_BASIC, USER_CHK_UNRECORDED_DROPPED)
            .arg(response->getLabel());
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
    }
}

template <typename Protocol>
int send(CalloutHandle& handle) {
    if (handle.getStatus() == CalloutHandle::NEXT_STEP_DROP) {
        return 0;
    }
    if (handle.getStatus() == CalloutHandle::NEXT_STEP_SKIP) {
        // A response that cannot be recorded is not sent; Kea 2.2 would send it in spite of the exception.
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        isc_throw(isc::InvalidOperation, "packet pack already handled");
    }
    return guarded(handle, Protocol::SEND_ERROR,
                   [&handle](UserChk& user_chk) { finishAndRecord<Protocol>(user_chk, handle); });
}

} // namespace
} // namespace user_chk

extern "C" {

int pkt4_send(CalloutHandle& handle) {
    return user_chk::send<user_chk::Dhcp4>(handle);
}

int pkt6_send(CalloutHandle& handle) {
    return user_chk::send<user_chk::Dhcp6>(handle);
}

} // extern "C"
