// SPDX-License-Identifier: MPL-2.0
// Defines what is recorded besides grants: how leases end, and what is refused.

#ifndef USER_CHK_EXCHANGE_LIFECYCLE_H
#define USER_CHK_EXCHANGE_LIFECYCLE_H

#include <audit/grant.h>
#include <exchange/decision.h>
#include <exchange/protocol.h>

#include <optional>
#include <string>

namespace user_chk {

/// @brief The record of a lease that its client gives back, or says that another machine uses.
///
/// @param message `release` or `decline`
/// @param lease the lease
/// @param decision what was decided on the query
template <typename Protocol>
std::string endRecord(const char* message, const typename Protocol::LeasePtr& lease,
                      const Decision<Protocol>& decision);

/// @brief The record of a lease that has expired. The server finds that out by itself: there is no query.
template <typename Protocol>
std::string expiryRecord(const typename Protocol::LeasePtr& lease);

/// @brief The record of a client that gets no answer, or not what the server would have given it.
///
/// @param decision what was decided on the query, whose client has an id
/// @param query the query
/// @param reason why, as the end of a sentence
/// @param lease what was refused, if the server had chosen a lease
template <typename Protocol>
std::string refusalRecord(const Decision<Protocol>& decision, const typename Protocol::Pkt& query,
                          const std::string& reason, const std::optional<GrantedLease>& lease);

extern template std::string endRecord<Dhcp4>(const char*, const Dhcp4::LeasePtr&, const Decision<Dhcp4>&);
extern template std::string endRecord<Dhcp6>(const char*, const Dhcp6::LeasePtr&, const Decision<Dhcp6>&);
extern template std::string expiryRecord<Dhcp4>(const Dhcp4::LeasePtr&);
extern template std::string expiryRecord<Dhcp6>(const Dhcp6::LeasePtr&);
extern template std::string refusalRecord<Dhcp4>(const Decision<Dhcp4>&, const Dhcp4::Pkt&,
                                                 const std::string&, const std::optional<GrantedLease>&);
extern template std::string refusalRecord<Dhcp6>(const Decision<Dhcp6>&, const Dhcp6::Pkt&,
                                                 const std::string&, const std::optional<GrantedLease>&);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_LIFECYCLE_H
