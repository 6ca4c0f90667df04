// SPDX-License-Identifier: MPL-2.0
// A hook library that does nothing: it has the callouts of the real one, which return at once. What Kea
// itself spends on calling them is the baseline of the benchmark.

#include <hooks/hooks.h>

using isc::hooks::CalloutHandle;

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

int pkt4_receive(CalloutHandle&) {
    return 0;
}

int pkt6_receive(CalloutHandle&) {
    return 0;
}

int subnet4_select(CalloutHandle&) {
    return 0;
}

int subnet6_select(CalloutHandle&) {
    return 0;
}

int pkt4_send(CalloutHandle&) {
    return 0;
}

int pkt6_send(CalloutHandle&) {
    return 0;
}

} // extern "C"
