// SPDX-License-Identifier: MPL-2.0
// The callouts subnet4_select and subnet6_select: they place clients that are not registered.

#include <hooks/callout.h>
#include <hooks/protocol.h>
#include <policy/placement.h>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

template <typename SubnetPtr>
std::string subnetText(const SubnetPtr& subnet) {
    return subnet ? subnet->toText() : "none";
}

template <typename Protocol>
void restrict(CalloutHandle& handle) {
    typedef typename Protocol::SubnetPtr SubnetPtr;
    const auto* subnets = argument<const typename Protocol::Subnets*>(handle, Protocol::SUBNETS);
    const SubnetPtr restricted = restrictedSubnet(*subnets);
    if (!restricted) {
        return;
    }
    LOG_DEBUG(user_chk_logger, isc::log::DBGLVL_TRACE_BASIC, USER_CHK_SUBNET_RESTRICTED)
        .arg(subnetText(restricted))
        .arg(subnetText(argument<SubnetPtr>(handle, Protocol::SUBNET)));
    handle.setArgument(Protocol::SUBNET, restricted);
}

template <typename Protocol>
int select(CalloutHandle& handle) {
    if (alreadyDecided(handle)) {
        return 0;
    }
    if (!userChk()) {
        LOG_ERROR(user_chk_logger, Protocol::REGISTRY_NULL);
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        return 1;
    }
    return guarded(handle, Protocol::SELECT_ERROR, [&handle] {
        if (!keptVerdict<Protocol>(handle)->registered) {
            restrict<Protocol>(handle);
        }
        if (requireUserChk().parameters().outcome_format == Parameters::Format::JSON) {
            const auto selected = argument<typename Protocol::SubnetPtr>(handle, Protocol::SUBNET);
            handle.setContext(Context::SUBNET, selected);
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
