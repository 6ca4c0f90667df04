// SPDX-License-Identifier: MPL-2.0
// The callouts cb4_updated and cb6_updated: a configuration backend has changed what the server works by.

#include <hooks/callout.h>
#include <hooks/protocol.h>
#include <hooks/server_config.h>

#include <dhcpsrv/cfgmgr.h>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

// The server calls this while it processes no packet.
template <typename Protocol>
int updated() {
    try {
        UserChk& user_chk = requireUserChk();
        const auto config = isc::dhcp::CfgMgr::instance().getCurrentCfg();
        user_chk.readBy(readingContext(*config, Protocol::UNIVERSE, user_chk.parameters()));
        return 0;
    } catch (const std::exception& ex) {
        LOG_ERROR(user_chk_logger, USER_CHK_UPDATE_ERROR).arg(ex.what());
        return 1;
    }
}

} // namespace
} // namespace user_chk

extern "C" {

int cb4_updated(CalloutHandle&) {
    return user_chk::updated<user_chk::Dhcp4>();
}

int cb6_updated(CalloutHandle&) {
    return user_chk::updated<user_chk::Dhcp6>();
}

} // extern "C"
