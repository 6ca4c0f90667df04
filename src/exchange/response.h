// SPDX-License-Identifier: MPL-2.0
// Defines the last stage of an exchange: a response is limited to what its client may have, and recorded.

#ifndef USER_CHK_EXCHANGE_RESPONSE_H
#define USER_CHK_EXCHANGE_RESPONSE_H

#include <audit/record_text.h>
#include <config/parameters.h>
#include <exchange/decision.h>
#include <exchange/lease_end.h>

#include <vector>

namespace user_chk {

/// @brief The result of completing a response.
// NOLINTNEXTLINE(bugprone-exception-escape): the check does not see when moving a small_vector may throw.
struct FinishedResponse {
    std::vector<UncappedLease> uncapped; ///< leases of the server that last longer than what was granted
    GrantedLeases granted;               ///< what it grants and must be recorded for
    GrantedLeases refused{};             ///< what it would have granted outside of the restricted subnet
    bool sent = true;                    ///< false when nothing is left to send
};

/// @brief Limits a response to what its client may have. No lease outlives the registration, neither in the
/// response nor in the server's database. A restricted client gets no lease outside of its subnet, whatever
/// made the server or another library choose it. The client's options are set.
///
/// @param decision the decision on the query, and the query
/// @param response what the server is about to send; it is changed
/// @throw what Kea's host data sources throw, and isc::Exception for an option that cannot be created.
template <typename Protocol>
FinishedResponse finishResponse(const Decision<Protocol>& decision, typename Protocol::Pkt& response);

/// @brief True when such a response is recorded in the outcome file.
template <typename Pkt>
bool isRecorded(Parameters::Events events, const Pkt& query, const Pkt& response);

/// @brief Writes the records of what a response grants.
///
/// @param format their form
/// @param decision the decision on the query, whose client has an id
/// @param response what the server is about to send
/// @param granted what it grants; gets the ids of the subnets if the form includes them
/// @param to takes the records
template <typename Protocol>
void writeRecords(Parameters::Format format, const Decision<Protocol>& decision,
                  const typename Protocol::Pkt& response, GrantedLeases& granted, TextWriter& to);

extern template FinishedResponse finishResponse<Dhcp4>(const Decision<Dhcp4>&, Dhcp4::Pkt&);
extern template FinishedResponse finishResponse<Dhcp6>(const Decision<Dhcp6>&, Dhcp6::Pkt&);
extern template bool isRecorded<Dhcp4::Pkt>(Parameters::Events, const Dhcp4::Pkt&, const Dhcp4::Pkt&);
extern template bool isRecorded<Dhcp6::Pkt>(Parameters::Events, const Dhcp6::Pkt&, const Dhcp6::Pkt&);
extern template void writeRecords<Dhcp4>(Parameters::Format, const Decision<Dhcp4>&, const Dhcp4::Pkt&,
                                         GrantedLeases&, TextWriter&);
extern template void writeRecords<Dhcp6>(Parameters::Format, const Decision<Dhcp6>&, const Dhcp6::Pkt&,
                                         GrantedLeases&, TextWriter&);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_RESPONSE_H
