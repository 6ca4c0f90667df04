// SPDX-License-Identifier: MPL-2.0
// The entry points that Kea calls when it loads and unloads the library.

#include <hooks/callout.h>
#include <hooks/user_chk.h>
#include <response/boot_options.h>

#include <exceptions/exceptions.h>
#include <hooks/hooks.h>
#include <process/daemon.h>

#include <exception>

namespace user_chk {

UserChk& requireUserChk() {
    if (!userChk()) {
        isc_throw(isc::InvalidOperation, "the library is not loaded");
    }
    return *userChk();
}

namespace {

// The check of a registry's users that suits the server we are loaded into.
AttributeCheck checkForServer(const std::string& server) {
    if (server == "kea-dhcp4") {
        return AttributeCheck();
    }
    if (server == "kea-dhcp6") {
        return remarkOnTftpServer;
    }
    isc_throw(isc::InvalidOperation,
              "invalid server: '" << server << "', must be one of kea-dhcp4, kea-dhcp6");
}

} // namespace

} // namespace user_chk

extern "C" {

int version() {
    return KEA_HOOKS_VERSION;
}

int multi_threading_compatible() {
    return 1;
}

int load(isc::hooks::LibraryHandle& handle) {
    using namespace user_chk;
    try {
        AttributeCheck check = checkForServer(isc::process::Daemon::getProcName());
        userChk() = std::make_unique<UserChk>(Parameters::parse(handle.getParameters()), std::move(check));
        return 0;
    } catch (const std::exception& ex) {
        LOG_ERROR(user_chk_logger, USER_CHK_HOOK_LOAD_ERROR).arg(ex.what());
        return 1;
    }
}

int unload() {
    using namespace user_chk;
    try {
        userChk().reset();
        return 0;
    } catch (const std::exception& ex) {
        LOG_ERROR(user_chk_logger, USER_CHK_HOOK_UNLOAD_ERROR).arg(ex.what());
        return 1;
    }
}

} // extern "C"
