// SPDX-License-Identifier: MPL-2.0
// The callouts pkt4_send and pkt6_send: they record what a response grants, then set its boot options.

#include <hooks/callout.h>
#include <hooks/protocol.h>
#include <outcome/grant.h>
#include <response/boot_options.h>
#include <response/granted.h>

#include <dhcp/hwaddr.h>
#include <exceptions/exceptions.h>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

// A client as Kea's own text forms have it; HWAddr::toText() takes half as long as all the rest of the
// callout.
std::string clientText(const isc::dhcp::Pkt4& query, const UserId& id) {
    return "hwtype=" + std::to_string(query.getHWAddr()->htype_) + ' ' + id.toText(':');
}

std::string clientText(const isc::dhcp::Pkt6&, const UserId& id) {
    return id.toText(':');
}

// The records of what is granted to a client who has an id.
template <typename Protocol>
std::string recordsOf(const typename Protocol::Pkt& query, const std::vector<std::string>& addresses,
                      const Verdict& verdict) {
    constexpr size_t TYPICAL_RECORD = 120;
    const std::string client = clientText(query, *verdict.id);
    std::string records;
    records.reserve(addresses.size() * TYPICAL_RECORD);
    for (const std::string& address : addresses) {
        appendText(records, {Protocol::ID_TYPE, client, address, verdict.registered});
    }
    return records;
}

template <typename Protocol>
void recordAndDress(CalloutHandle& handle) {
    const auto query = argument<typename Protocol::PktPtr>(handle, Protocol::QUERY);
    const auto response = argument<typename Protocol::PktPtr>(handle, Protocol::RESPONSE);
    const std::vector<std::string> addresses = grantedBy(*response);
    if (addresses.empty()) {
        return;
    }
    const VerdictPtr verdict = keptVerdict<Protocol>(handle);
    // A client without an id leaves nothing to record it by.
    if (verdict->id) {
        requireUserChk().record(recordsOf<Protocol>(*query, addresses, *verdict), addresses.size());
    }
    if (verdict->attributes) {
        setBootOptions(*response, *verdict->attributes);
    }
}

template <typename Protocol>
int send(CalloutHandle& handle) {
    if (handle.getStatus() == CalloutHandle::NEXT_STEP_DROP) {
        return 0;
    }
    if (handle.getStatus() == CalloutHandle::NEXT_STEP_SKIP) {
        isc_throw(isc::InvalidOperation, "packet pack already handled");
    }
    return guarded(handle, Protocol::SEND_ERROR, [&handle] { recordAndDress<Protocol>(handle); });
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
