// SPDX-License-Identifier: MPL-2.0
// The callouts pkt4_receive and pkt6_receive: they decide on the client and set its classes.

#include <hooks/callout.h>
#include <hooks/protocol.h>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

// The library is closed, see configured.cc. That is for the operator to know, but not by each query.
template <typename Protocol>
int refuse(CalloutHandle& handle) {
    static SecondHand minutes(60);
    if (minutes.isNew()) {
        LOG_ERROR(user_chk_logger, Protocol::RECEIVE_ERROR).arg("the library is not loaded");
    }
    handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
    return 1;
}

template <typename Protocol>
int receive(CalloutHandle& handle) {
    if (alreadyDecided(handle)) {
        return 0;
    }
    if (!userChk()) {
        return refuse<Protocol>(handle);
    }
    return guarded(handle, Protocol::RECEIVE_ERROR, [&handle] { decide<Protocol>(handle); });
}

} // namespace
} // namespace user_chk

extern "C" {

int pkt4_receive(CalloutHandle& handle) {
    return user_chk::receive<user_chk::Dhcp4>(handle);
}

int pkt6_receive(CalloutHandle& handle) {
    return user_chk::receive<user_chk::Dhcp6>(handle);
}

} // extern "C"
