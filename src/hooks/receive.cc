// SPDX-License-Identifier: MPL-2.0
// The callouts pkt4_receive and pkt6_receive: they decide on the client and set its classes.

#include <hooks/callout.h>
#include <hooks/protocol.h>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

template <typename Protocol>
int receive(CalloutHandle& handle) {
    if (alreadyDecided(handle)) {
        return 0;
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
