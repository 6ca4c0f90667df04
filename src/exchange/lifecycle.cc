// SPDX-License-Identifier: MPL-2.0
// Implements the records of ended leases and of refusals.

#include <exchange/lifecycle.h>

#include <audit/record_forms.h>
#include <exchange/circumstances.h>
#include <exchange/granted_leases.h>

#include <dhcp/duid.h>
#include <dhcp/hwaddr.h>

#include <chrono>

namespace user_chk {

using namespace isc::dhcp;

namespace {

GrantedLease granted(const Lease4& lease) {
    return {lease.addr_, 0, lease.valid_lft_, lease.subnet_id_};
}

GrantedLease granted(const Lease6& lease) {
    const uint8_t length = lease.type_ == Lease::TYPE_PD ? lease.prefixlen_ : 0;
    return {lease.addr_, length, lease.valid_lft_, lease.subnet_id_};
}

// Returns whose lease it was: by the hardware address, as for grants; a lease without one has a client
// identifier.
std::optional<UserId> clientOf(const Lease4& lease) {
    if (lease.hwaddr_ && !lease.hwaddr_->hwaddr_.empty()) {
        return UserId(UserId::HW_ADDRESS, lease.hwaddr_->hwaddr_);
    }
    return lease.client_id_ ? std::make_optional<UserId>(UserId::CLIENT_ID, lease.client_id_->getClientId())
                            : std::nullopt;
}

std::optional<UserId> clientOf(const Lease6& lease) {
    return lease.duid_ ? std::make_optional<UserId>(UserId::DUID, lease.duid_->getDuid()) : std::nullopt;
}

std::optional<uint16_t> hardwareTypeOf(const Lease4& lease) {
    return lease.hwaddr_ ? std::make_optional(lease.hwaddr_->htype_) : std::nullopt;
}

std::optional<uint16_t> hardwareTypeOf(const Lease6&) {
    return std::nullopt;
}

// False for a lease that ended earlier but that the server keeps: because another machine uses its address,
// because it is held for its client (Kea manual, "Lease Affinity"; without a state of its own up to Kea 2.6),
// or because it was reclaimed.
bool isInForce(const Lease& lease) {
    return lease.state_ == Lease::STATE_DEFAULT && lease.valid_lft_ != 0;
}

// Returns what is recorded of the query in any event.
template <typename Protocol>
Circumstances circumstances(const char* message, const typename Protocol::Pkt& query) {
    Circumstances found = circumstancesOf(query, query);
    found.message = message;
    return found;
}

template <typename Protocol>
Event eventOf(const Decision<Protocol>& decision, const UserId& id,
              const std::optional<GrantedLease>& lease) {
    const Verdict& verdict = decision.verdict;
    return {id, id.getType() == UserId::HW_ADDRESS ? user_chk::hardwareTypeOf(*decision.query) : std::nullopt,
            lease, verdict.registered(), verdict.matched() != &id ? verdict.matched() : nullptr};
}

} // namespace

template <typename Protocol>
std::string endRecord(const char* message, const typename Protocol::LeasePtr& lease,
                      const Decision<Protocol>& decision) {
    const UserId* id = decision.verdict.recordedId();
    if (id == nullptr || !isInForce(*lease)) {
        return std::string();
    }
    return jsonRecord(eventOf<Protocol>(decision, *id, granted(*lease)),
                      circumstances<Protocol>(message, *decision.query));
}

template <typename Protocol>
std::string expiryRecord(const typename Protocol::LeasePtr& lease) {
    const auto client = clientOf(*lease);
    if (!client || !isInForce(*lease)) {
        return std::string();
    }
    const Circumstances by_itself = {
        std::chrono::system_clock::now(), Protocol::SERVER, "expire", std::nullopt, "", "", lease->hostname_};
    const auto hw_type = client->getType() == UserId::HW_ADDRESS ? hardwareTypeOf(*lease) : std::nullopt;
    return jsonRecord({*client, hw_type, granted(*lease), std::nullopt}, by_itself);
}

template <typename Protocol>
std::string refusalRecord(const Decision<Protocol>& decision, const UserId& id, const char* reason,
                          std::optional<GrantedLease> lease) {
    Circumstances found = circumstances<Protocol>("refuse", *decision.query);
    found.reason = reason;
    if (lease) {
        lease->subnet_id = subnetOfAnywhere(*lease, decision.subnet);
    }
    return jsonRecord(eventOf<Protocol>(decision, id, lease), found);
}

template std::string endRecord<Dhcp4>(const char*, const Dhcp4::LeasePtr&, const Decision<Dhcp4>&);
template std::string endRecord<Dhcp6>(const char*, const Dhcp6::LeasePtr&, const Decision<Dhcp6>&);
template std::string expiryRecord<Dhcp4>(const Dhcp4::LeasePtr&);
template std::string expiryRecord<Dhcp6>(const Dhcp6::LeasePtr&);
template std::string refusalRecord<Dhcp4>(const Decision<Dhcp4>&, const UserId&, const char*,
                                          std::optional<GrantedLease>);
template std::string refusalRecord<Dhcp6>(const Decision<Dhcp6>&, const UserId&, const char*,
                                          std::optional<GrantedLease>);

} // namespace user_chk
