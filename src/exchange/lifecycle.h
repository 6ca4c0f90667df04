// SPDX-License-Identifier: MPL-2.0
// Defines the records other than those of grants: how leases end, and what is refused.

#ifndef USER_CHK_EXCHANGE_LIFECYCLE_H
#define USER_CHK_EXCHANGE_LIFECYCLE_H

#include <audit/grant.h>
#include <exchange/decision.h>
#include <exchange/protocol.h>
#include <policy/verdict.h>
#include <user.h>

#include <optional>
#include <string>

namespace user_chk {

/// @brief Returns the record of a lease that its client releases or declines.
///
/// @param message `release` or `decline`
/// @param lease the lease
/// @param decision the decision on the query
/// @return the record; empty when the lease ended earlier, or there is no id for its client.
template <typename Protocol>
std::string endRecord(const char* message, const typename Protocol::LeasePtr& lease,
                      const Decision<Protocol>& decision);

/// @brief Returns the record of a lease that has expired. The server finds that out by itself: there is no
/// query.
///
/// @param lease the lease
/// @return the record; empty when the lease ended earlier, or there is no id for its client.
template <typename Protocol>
std::string expiryRecord(const typename Protocol::LeasePtr& lease);

/// @brief Returns the record of a client that gets no answer, or not the lease that the server chose.
///
/// @param decision the decision on the query
/// @param id the id for the record, see refusedId()
/// @param reason the reason, as the end of a sentence
/// @param lease what was refused, if the server had chosen a lease; its subnet is determined here
template <typename Protocol>
std::string refusalRecord(const Decision<Protocol>& decision, const UserId& id, const char* reason,
                          std::optional<GrantedLease> lease);

/// @brief Returns the id for the record of a refusal: the same as for a grant, or else any identifier of the
/// client; a null pointer when it has none.
inline const UserId* refusedId(const Verdict& verdict) {
    const UserId* id = verdict.recordedId();
    return id != nullptr ? id : verdict.listedId();
}

extern template std::string endRecord<Dhcp4>(const char*, const Dhcp4::LeasePtr&, const Decision<Dhcp4>&);
extern template std::string endRecord<Dhcp6>(const char*, const Dhcp6::LeasePtr&, const Decision<Dhcp6>&);
extern template std::string expiryRecord<Dhcp4>(const Dhcp4::LeasePtr&);
extern template std::string expiryRecord<Dhcp6>(const Dhcp6::LeasePtr&);
extern template std::string refusalRecord<Dhcp4>(const Decision<Dhcp4>&, const UserId&, const char*,
                                                 std::optional<GrantedLease>);
extern template std::string refusalRecord<Dhcp6>(const Decision<Dhcp6>&, const UserId&, const char*,
                                                 std::optional<GrantedLease>);

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_LIFECYCLE_H
