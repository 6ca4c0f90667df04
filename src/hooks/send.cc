// SPDX-License-Identifier: MPL-2.0
// The callouts pkt4_send and pkt6_send: they set the client's options, then record what a response grants.

#include <audit/record_forms.h>
#include <audit/record_text.h>
#include <exchange/circumstances.h>
#include <exchange/granted.h>
#include <exchange/lease_subnet.h>
#include <exchange/outside.h>
#include <exchange/protocol.h>
#include <exchange/withhold.h>
#include <hooks/callout.h>
#include <hooks/lease_end.h>
#include <options/dress.h>
#include <options/lifetimes.h>

#include <exceptions/exceptions.h>

#include <algorithm>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

template <typename Pkt>
bool isRecorded(Parameters::Events events, const Pkt& query, const Pkt& response) {
    return events == Parameters::Events::ALL ||
           (events == Parameters::Events::LEASES && leases(query, response));
}

// The records of what a response grants to a client who has an id, in the form that is configured.
template <typename Protocol>
std::string recordsOf(Parameters::Format format, const typename Protocol::Pkt& query,
                      const typename Protocol::Pkt& response, const Decision<Protocol>& decision,
                      GrantedLeases& granted) {
    const Verdict& verdict = decision.verdict;
    const Grant grant = {*verdict.id, hardwareTypeOf(query), verdict.registered(), granted};
    if (format == Parameters::Format::TEXT) {
        return textRecords(grant);
    }
    for (GrantedLease& lease : granted) {
        lease.subnet_id = subnetOf(lease, decision.subnet);
    }
    return jsonRecords(grant, circumstancesOf(query, response));
}

// Returns false when a record that there should be could not be written.
template <typename Protocol>
bool record(UserChk& user_chk, const typename Protocol::Pkt& query, const typename Protocol::Pkt& response,
            const Decision<Protocol>& decision, GrantedLeases& granted) {
    const Parameters& parameters = user_chk.parameters();
    if (!isRecorded(parameters.outcome_events, query, response)) {
        return true;
    }
    // A client without an id leaves nothing to record it by.
    return decision.verdict.id &&
           user_chk.record(recordsOf<Protocol>(parameters.outcome_format, query, response, decision, granted),
                           granted.size(), decision.glance);
}

// Tells that a lease is kept from a client. What gave it to the client is to be found by the operator.
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

// The last line of defence: keeps leases outside of its restricted subnet from a client, whatever made the
// server or another library choose them. Returns false when nothing is left to be sent.
template <typename Protocol>
bool keepInside(UserChk& user_chk, typename Protocol::Pkt& response, const Decision<Protocol>& decision,
                GrantedLeases& granted) {
    const auto inside = [&](const GrantedLease& lease) {
        return !isOutside(lease.address, lease.prefix_length, *decision.subnet);
    };
    const auto refused = std::stable_partition(granted.begin(), granted.end(), inside);
    if (refused == granted.end()) {
        return true;
    }
    std::for_each(refused, granted.end(),
                  [&](const GrantedLease& lease) { tellOfRefusal(user_chk, decision, lease); });
    const bool left = withhold(response, GrantedLeases(refused, granted.end()));
    granted.erase(refused, granted.end());
    return left;
}

// No lease outlives its client's registration: neither what the response says, nor what the server keeps.
template <typename Pkt>
void end(const Pkt& query, Pkt& response, uint32_t seconds) {
    if (capLifetimes(response, seconds) && leases(query, response)) {
        endKeptLeases(grantedBy(response), seconds);
    }
}

// The record is made last: nothing that fails afterwards is told as granted.
template <typename Protocol>
void dressAndRecord(UserChk& user_chk, CalloutHandle& handle) {
    const auto response = argument<typename Protocol::PktPtr>(handle, Protocol::RESPONSE);
    const DecisionPtr<Protocol> decision = keptDecision<Protocol>(user_chk, handle);
    const typename Protocol::Pkt& query = *decision->query;
    const Verdict& verdict = decision->verdict;
    if (verdict.seconds_left) {
        end(query, *response, *verdict.seconds_left);
    }
    GrantedLeases granted = grantedBy(*response);
    if (granted.empty() || verdict.denied()) {
        return;
    }
    if (decision->restricted && !keepInside(user_chk, *response, *decision, granted)) {
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        return;
    }
    if (granted.empty()) {
        return;
    }
    if (verdict.attributes && !verdict.attributes->properties.empty()) {
        dress(*response, verdict.attributes->properties, verdict.options());
    }
    if (!record<Protocol>(user_chk, query, *response, *decision, granted) &&
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
        // What cannot be recorded is not sent, which Kea 2.2 would do in spite of the exception.
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        isc_throw(isc::InvalidOperation, "packet pack already handled");
    }
    return guarded(handle, Protocol::SEND_ERROR,
                   [&handle](UserChk& user_chk) { dressAndRecord<Protocol>(user_chk, handle); });
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
