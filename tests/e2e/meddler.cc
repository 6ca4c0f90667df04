// SPDX-License-Identifier: MPL-2.0
// A hook library that interferes with others, according to its parameters:
// - "pack-responses": packs the response itself and sets the status SKIP, like a library that sends its own;
// - "hide-subnets": hides the collection of subnets from the callouts that follow, so that they fail;
// - "first-subnet": moves each client to the first of all subnets, like a library with its own placement;
// - "keep-leases": makes the server keep each lease that is released, declined or has expired;
// - "race": counts the queries in an unguarded variable, for ThreadSanitizer to find.

#include <kea_compat.h>

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>
#include <hooks/hooks.h>

namespace {

bool pack_responses = false;
bool hide_subnets = false;
bool first_subnet = false;
bool keep_leases = false;
bool race = false;
long queries = 0;

bool isSet(isc::hooks::LibraryHandle& handle, const char* name) {
    const isc::data::ConstElementPtr value = handle.getParameter(name);
    return value && value->boolValue();
}

template <typename PktPtr>
int packResponse(isc::hooks::CalloutHandle& handle, const char* name) {
    if (pack_responses) {
        PktPtr response;
        handle.getArgument(name, response);
        response->pack();
        handle.setStatus(isc::hooks::CalloutHandle::NEXT_STEP_SKIP);
    }
    return 0;
}

int hideSubnets(isc::hooks::CalloutHandle& handle, const char* name) {
    if (hide_subnets) {
        handle.deleteArgument(name);
    }
    return 0;
}

template <typename Subnets, typename SubnetPtr>
int moveToFirst(isc::hooks::CalloutHandle& handle, const char* collection, const char* name) {
    if (first_subnet) {
        const Subnets* subnets = nullptr;
        handle.getArgument(collection, subnets);
        handle.setArgument(name, SubnetPtr(*subnets->begin()));
    }
    return 0;
}

int keepLease(isc::hooks::CalloutHandle& handle) {
    if (keep_leases) {
        handle.setStatus(isc::hooks::CalloutHandle::NEXT_STEP_SKIP);
    }
    return 0;
}

int countUnguarded() {
    if (race) {
        ++queries;
    }
    return 0;
}

} // namespace

extern "C" {

int version() {
    return KEA_HOOKS_VERSION;
}

int load(isc::hooks::LibraryHandle& handle) {
    pack_responses = isSet(handle, "pack-responses");
    hide_subnets = isSet(handle, "hide-subnets");
    first_subnet = isSet(handle, "first-subnet");
    keep_leases = isSet(handle, "keep-leases");
    race = isSet(handle, "race");
    return 0;
}

int unload() {
    return 0;
}

int multi_threading_compatible() {
    return 1;
}

int pkt4_receive(isc::hooks::CalloutHandle&) {
    return countUnguarded();
}

int pkt6_receive(isc::hooks::CalloutHandle&) {
    return countUnguarded();
}

int pkt4_send(isc::hooks::CalloutHandle& handle) {
    return packResponse<isc::dhcp::Pkt4Ptr>(handle, "response4");
}

int pkt6_send(isc::hooks::CalloutHandle& handle) {
    return packResponse<isc::dhcp::Pkt6Ptr>(handle, "response6");
}

int subnet4_select(isc::hooks::CalloutHandle& handle) {
    moveToFirst<isc::dhcp::Subnet4Collection, user_chk::kea::Subnet4ArgPtr>(handle, "subnet4collection",
                                                                            "subnet4");
    return hideSubnets(handle, "subnet4collection");
}

int subnet6_select(isc::hooks::CalloutHandle& handle) {
    moveToFirst<isc::dhcp::Subnet6Collection, user_chk::kea::Subnet6ArgPtr>(handle, "subnet6collection",
                                                                            "subnet6");
    return hideSubnets(handle, "subnet6collection");
}

int lease4_release(isc::hooks::CalloutHandle& handle) {
    return keepLease(handle);
}

int lease6_release(isc::hooks::CalloutHandle& handle) {
    return keepLease(handle);
}

int lease4_decline(isc::hooks::CalloutHandle& handle) {
    return keepLease(handle);
}

int lease6_decline(isc::hooks::CalloutHandle& handle) {
    return keepLease(handle);
}

int lease4_expire(isc::hooks::CalloutHandle& handle) {
    return keepLease(handle);
}

int lease6_expire(isc::hooks::CalloutHandle& handle) {
    return keepLease(handle);
}

} // extern "C"
