// SPDX-License-Identifier: MPL-2.0
// The callouts subnet4_select and subnet6_select: they place the client in a subnet.

#include <exchange/moved_client.h>
#include <exchange/placing.h>
#include <exchange/protocol.h>
#include <hooks/callout.h>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

template <typename SubnetPtr>
std::string subnetText(const SubnetPtr& subnet) {
    return subnet ? subnet->toText() : "none";
}

// Drops a query that must get no answer where it came from.
template <typename Protocol>
void drop(UserChk& user_chk, CalloutHandle& handle, const PlacedQuery<Protocol>& placed,
          const Decision<Protocol>& decision) {
    const bool is_dropped = placed.placement == Placement::DROPPED;
    recordRefusal(user_chk, decision,
                  is_dropped ? "its subnet is for registered clients" : "its restricted subnet is gone");
    if (is_dropped) {
        LOG_DEBUG(user_chk_logger, isc::log::DBGLVL_TRACE_BASIC, USER_CHK_UNREGISTERED_DROPPED)
            .arg(subnetText(decision.subnet));
    } else if (user_chk.tellsOfGoneSubnet()) {
        LOG_ERROR(user_chk_logger, USER_CHK_RESTRICTED_SUBNET_GONE).arg(*placed.restricted_id);
    }
    handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
}

void tellOfMove(UserChk& user_chk, const isc::dhcp::Pkt& query, const MovedClient& moved,
                const std::string& subnet) {
    user_chk.movedMessage().tell([&](isc::log::Logger::Formatter message) {
        message.arg(query.getLabel())
            .arg(moved.address.toText())
            .arg(moved.left_behind ? "a subnet other than the restricted one" : subnet);
    });
}

// Makes the server act on the placement.
template <typename Protocol>
void apply(UserChk& user_chk, CalloutHandle& handle, const PlacedQuery<Protocol>& placed,
           Decision<Protocol>& decision) {
    if (placed.dropped()) {
        drop(user_chk, handle, placed, decision);
        return;
    }
    if (placed.restricted()) {
        LOG_DEBUG(user_chk_logger, isc::log::DBGLVL_TRACE_BASIC, USER_CHK_SUBNET_RESTRICTED)
            .arg(subnetText(placed.subnet))
            .arg(subnetText(decision.subnet));
        handle.setArgument(Protocol::SUBNET, placed.subnet);
        decision.restricted = true;
    }
    decision.subnet = placed.subnet;
    if (placed.moved) {
        makeSureOfNak(argument<typename Protocol::PktPtr>(handle, Protocol::QUERY));
        tellOfMove(user_chk, *decision.query, *placed.moved, subnetText(placed.subnet));
        handle.setStatus(CalloutHandle::NEXT_STEP_SKIP); // the server answers with a DHCPNAK
    }
}

template <typename Protocol>
void place(UserChk& user_chk, CalloutHandle& handle, Decision<Protocol>& decision) {
    const Verdict& verdict = decision.verdict;
    decision.subnet = argument<typename Protocol::SubnetPtr>(handle, Protocol::SUBNET);
    if (staysWhereItIs(user_chk.site(), verdict.registered(), decision.subnet)) {
        return;
    }
    const auto& subnets = *argument<const typename Protocol::Subnets*>(handle, Protocol::SUBNETS);
    apply(user_chk, handle,
          placeQuery<Protocol>(user_chk.site(), *decision.query, verdict, decision.subnet, subnets),
          decision);
}

template <typename Protocol>
int select(CalloutHandle& handle) {
    if (alreadyDecided(handle)) {
        return 0;
    }
    if (!running_user_chk) {
        LOG_ERROR(user_chk_logger, Protocol::REGISTRY_NULL);
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        return 1;
    }
    return guarded(handle, Protocol::SELECT_ERROR, [&handle](UserChk& user_chk) {
        const DecisionPtr<Protocol> decision = keptDecision<Protocol>(user_chk, handle);
        if (decision->verdict.denied()) {
            handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        } else {
            place(user_chk, handle, *decision);
        }
    });
}

} // namespace
} // namespace user_chk

extern "C" {

int subnet4_select(CalloutHandle& handle) {
    return user_chk::select<user_chk::Dhcp4>(handle);
}

int subnet6_select(CalloutHandle& handle) {
    return user_chk::select<user_chk::Dhcp6>(handle);
}

} // extern "C"
