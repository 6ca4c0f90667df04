// SPDX-License-Identifier: MPL-2.0
// The callouts cb4_updated, cb6_updated and command_processed: what the server works by has changed while it
// runs.

#include <exchange/protocol.h>
#include <hooks/callout.h>
#include <hooks/callouts.h>
#include <hooks/guarding.h>
#include <hooks/server_config.h>

#include <dhcpsrv/cfgmgr.h>
#include <util/multi_threading_mgr.h>

#include <boost/algorithm/string/predicate.hpp>

#include <exception>

using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

// What has changed is in force already; where it is bad, queries are dropped.
template <typename Protocol>
int updated() {
    try {
        if (userChk()) {
            const auto config = isc::dhcp::CfgMgr::instance().getCurrentCfg();
            const isc::util::MultiThreadingCriticalSection no_packets;
            userChk()->readBy(readingContext(*config, Protocol::UNIVERSE, userChk()->parameters()));
            guardConfiguration<Protocol>(*userChk(), *config, false);
        }
        return 0;
    } catch (const std::exception& ex) {
        LOG_ERROR(user_chk_logger, USER_CHK_UPDATE_ERROR).arg(ex.what());
        return 1;
    }
}

// Commands that change subnets and shared networks are called subnet4-add, network6-subnet-del, and so on.
template <typename Protocol>
int commandProcessed(CalloutHandle& handle) {
    const auto name = argument<std::string>(handle, "name");
    const bool about_subnets = boost::starts_with(name, "subnet") || boost::starts_with(name, "network");
    const bool only_looks = boost::ends_with(name, "-get") || boost::ends_with(name, "-list");
    return about_subnets && !only_looks ? updated<Protocol>() : 0;
}

} // namespace

void registerCommandProcessed(isc::hooks::LibraryHandle& handle, bool is_v4) {
    handle.registerCallout("command_processed", is_v4 ? commandProcessed<Dhcp4> : commandProcessed<Dhcp6>);
}

} // namespace user_chk

extern "C" {

int cb4_updated(CalloutHandle&) {
    return user_chk::updated<user_chk::Dhcp4>();
}

int cb6_updated(CalloutHandle&) {
    return user_chk::updated<user_chk::Dhcp6>();
}

} // extern "C"
