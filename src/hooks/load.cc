// SPDX-License-Identifier: MPL-2.0
// The entry points that Kea calls when it loads and unloads the library.

#include <hooks/callout.h>
#include <hooks/commands.h>
#include <hooks/lease.h>
#include <hooks/protocol.h>
#include <hooks/server_config.h>
#include <hooks/user_chk.h>

#include <dhcpsrv/cfgmgr.h>
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

// Whether a lease may be of another subnet than the one that was selected for it: where there is a shared
// network, or may be one.
bool mayLeaveSubnet(const isc::dhcp::SrvConfig& config) {
    return !config.getCfgSharedNetworks4()->getAll()->empty() ||
           !config.getCfgSharedNetworks6()->getAll()->empty() || mayChangeWhileRunning(config);
}

// Reads the parameters, and what the configuration that is being loaded has to do with us.
void loadLibrary(isc::hooks::LibraryHandle& handle) {
    const std::string server = isc::process::Daemon::getProcName();
    const bool is_v4 = server == Dhcp4::SERVER;
    if (!is_v4 && server != Dhcp6::SERVER) {
        isc_throw(isc::InvalidOperation, "invalid server: '" << server << "', must be one of "
                                                             << Dhcp4::SERVER << ", " << Dhcp6::SERVER);
    }
    const auto config = isc::dhcp::CfgMgr::instance().getStagingCfg();
    const Parameters parameters = Parameters::parse(handle.getParameters());
    userChk() = std::make_unique<UserChk>(
        parameters,
        readingContext(*config, is_v4 ? isc::dhcp::Option::V4 : isc::dhcp::Option::V6, parameters));
    registerCommands(handle, is_v4);
    if (mayLeaveSubnet(*config)) {
        is_v4 ? registerLeaseCallouts4(handle) : registerLeaseCallouts6(handle);
    }
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
        loadLibrary(handle);
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
