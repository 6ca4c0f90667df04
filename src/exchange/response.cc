// SPDX-License-Identifier: MPL-2.0
// Implements the completion and recording of responses.

#include <exchange/response.h>

#include <audit/record_forms.h>
#include <exchange/circumstances.h>
#include <exchange/granted_leases.h>
#include <options/dress.h>
#include <options/lifetimes.h>

#include <algorithm>
#include <optional>

namespace user_chk {
namespace {

// No lease outlives its client's registration: neither in the response, nor in the server's database.
template <typename Pkt>
std::vector<UncappedLease> end(const Pkt& query, Pkt& response, std::optional<uint32_t> seconds) {
    return seconds && capLifetimes(response, *seconds) && leases(query, response)
               ? capKeptLeases(grantedBy(response), *seconds)
               : std::vector<UncappedLease>();
}

// The last line of defense.
template <typename Pkt, typename Subnet>
void keepInside(FinishedResponse& finished, Pkt& response, const Subnet& subnet) {
    GrantedLeases& granted = finished.granted;
    const auto inside = [&](const GrantedLease& lease) {
        return !isOutside(lease.address, lease.prefix_length, subnet);
    };
    const auto refused = std::stable_partition(granted.begin(), granted.end(), inside);
    if (refused == granted.end()) {
        return;
    }
    finished.refused.assign(refused, granted.end());
    granted.erase(refused, granted.end());
    finished.sent = withhold(response, finished.refused);
}

} // namespace

template <typename Protocol>
FinishedResponse finishResponse(const Decision<Protocol>& decision, typename Protocol::Pkt& response) {
    const Verdict& verdict = decision.verdict;
    FinishedResponse finished{end(*decision.query, response, verdict.seconds_left),
                              verdict.denied() ? GrantedLeases() : grantedBy(response)};
    if (decision.restricted && !finished.granted.empty()) {
        keepInside(finished, response, *decision.subnet);
    }
    const bool dressed = finished.sent && !finished.granted.empty();
    if (dressed && verdict.attributes && !verdict.attributes->properties.empty()) {
        dress(response, verdict.attributes->properties, verdict.options());
    }
    return finished;
}

template <typename Pkt>
bool isRecorded(Parameters::Events events, const Pkt& query, const Pkt& response) {
    return events == Parameters::Events::ALL ||
           (events != Parameters::Events::NONE && leases(query, response));
}

template <typename Protocol>
void writeRecords(Parameters::Format format, const Decision<Protocol>& decision,
                  const typename Protocol::Pkt& response, GrantedLeases& granted, TextWriter& to) {
    const Verdict& verdict = decision.verdict;
    const UserId& id = *verdict.recordedId();
    const Grant grant = {
        id, id.getType() == UserId::HW_ADDRESS ? hardwareTypeOf(*decision.query) : std::nullopt,
        verdict.registered(), granted, verdict.matched() != &id ? verdict.matched() : nullptr};
    if (format == Parameters::Format::TEXT) {
        writeTextRecords(grant, to);
        return;
    }
    for (GrantedLease& lease : granted) {
        lease.subnet_id = subnetOf(lease, decision.subnet);
    }
    writeJsonRecords(grant, circumstancesOf(*decision.query, response), to);
}

template FinishedResponse finishResponse<Dhcp4>(const Decision<Dhcp4>&, Dhcp4::Pkt&);
template FinishedResponse finishResponse<Dhcp6>(const Decision<Dhcp6>&, Dhcp6::Pkt&);
template bool isRecorded<Dhcp4::Pkt>(Parameters::Events, const Dhcp4::Pkt&, const Dhcp4::Pkt&);
template bool isRecorded<Dhcp6::Pkt>(Parameters::Events, const Dhcp6::Pkt&, const Dhcp6::Pkt&);
template void writeRecords<Dhcp4>(Parameters::Format, const Decision<Dhcp4>&, const Dhcp4::Pkt&,
                                  GrantedLeases&, TextWriter&);
template void writeRecords<Dhcp6>(Parameters::Format, const Decision<Dhcp6>&, const Dhcp6::Pkt&,
                                  GrantedLeases&, TextWriter&);

} // namespace user_chk
