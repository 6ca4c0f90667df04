// SPDX-License-Identifier: MPL-2.0
// A hook library for the e2e tests: packs the response itself and sets the status SKIP, as libraries do that
// send a response of their own making. Listed before user_chk, it takes the packing away from it.

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>
#include <hooks/hooks.h>

namespace {

template <typename PktPtr>
int packResponse(isc::hooks::CalloutHandle& handle, const char* name) {
    PktPtr response;
    handle.getArgument(name, response);
    response->pack();
    handle.setStatus(isc::hooks::CalloutHandle::NEXT_STEP_SKIP);
    return 0;
}

}  // namespace

extern "C" {

int version() {
    return KEA_HOOKS_VERSION;
}

int load(isc::hooks::LibraryHandle&) {
    return 0;
}

int unload() {
    return 0;
}

int multi_threading_compatible() {
    return 1;
}

int pkt4_send(isc::hooks::CalloutHandle& handle) {
    return packResponse<isc::dhcp::Pkt4Ptr>(handle, "response4");
}

int pkt6_send(isc::hooks::CalloutHandle& handle) {
    return packResponse<isc::dhcp::Pkt6Ptr>(handle, "response6");
}

}  // extern "C"
