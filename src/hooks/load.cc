// SPDX-License-Identifier: MPL-2.0
// The entry points that Kea calls when it loads and unloads the library.

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <exchange/protocol.h>
#include <hooks/callout.h>
#include <hooks/server_config.h>
#include <library/user_chk.h>

#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/timer_mgr.h>
#include <exceptions/exceptions.h>
#include <hooks/hooks.h>
#include <process/daemon.h>
#include <process/log_parser.h>

#include <exception>
#include <functional>
#include <optional>
#include <string>

namespace user_chk {

using isc::asiolink::IntervalTimer;
using isc::dhcp::CfgMgr;
using isc::dhcp::TimerMgr;

namespace {

const std::string TIMER = "user-chk-once-it-works";

// True when the server is reconfigured. False while it starts, and when a configuration is only checked
// (`-T`). The empty configuration that a server begins with has the number 0; each one that it has applied
// has a higher number.
bool hasWorkedBefore() {
    return CfgMgr::instance().getCurrentCfg()->getSequence() != 0;
}

void forgetOnceItWorks() {
    if (TimerMgr::instance()->isTimerRegistered(TIMER)) {
        TimerMgr::instance()->unregisterTimer(TIMER);
    }
}

// Calls a function once the server runs: soon, on the main thread. Timers run in the server's loop, which a
// server that only checks a configuration does not enter. They are removed when it is reconfigured.
void onceItWorks(const std::function<void()>& call) {
    forgetOnceItWorks();
    TimerMgr::instance()->registerTimer(TIMER, call, 1, IntervalTimer::ONE_SHOT);
    TimerMgr::instance()->setup(TIMER);
}

// Returns the configuration that is being loaded. The command libreload of Kea 2.2 loads libraries for the
// one in force.
isc::dhcp::SrvConfigPtr configToLoadFor() {
    CfgMgr& configs = CfgMgr::instance();
    const isc::dhcp::SrvConfigPtr staging = configs.getStagingCfg();
    return staging->getHooksConfig().get().empty() ? configs.getCurrentCfg() : staging;
}

// The server creates the files that its configuration names in these directories, if it restricts them.
void checkPlaces(const Parameters& parameters) {
    const std::optional<std::string> logs = kea::logFolder<isc::process::LogConfigParser>();
    if (logs) {
        parameters.checkFiles({*logs, CfgMgr::instance().getDataDir()});
    }
}

// The available identifiers depend on the protocol.
void completeIdentifiers(const isc::data::ConstElementPtr& given, bool is_v4, Parameters& parameters) {
    parameters.identifiers =
        IdentifierSettings::parse(given, is_v4 ? isc::dhcp::Option::V4 : isc::dhcp::Option::V6);
    const isc::data::ElementPtr in_force = isc::data::copy(parameters.in_force, 1);
    in_force->set("identifiers", parameters.identifiers.inForce(is_v4 ? Dhcp4::ID_TYPE : Dhcp6::ID_TYPE));
    parameters.in_force = in_force;
}

// Completes the settings for a database from the server's configuration: which rows are for this server, and
// where the copy is saved.
void completeDatabase(const isc::dhcp::SrvConfig& config, bool is_v4, Parameters& parameters) {
    if (!parameters.registry_database) {
        return;
    }
    const std::string tag = config.getServerTag();
    if (!tag.empty()) {
        parameters.registry_database->server_tag = tag;
    }
    if (parameters.registry_copy.empty()) {
        const std::string directory = CfgMgr::instance().getDataDir();
        parameters.registry_copy = directory + "/user-chk-" + (is_v4 ? "dhcp4" : "dhcp6") + "-copy.txt";
        const isc::data::ElementPtr in_force = isc::data::copy(parameters.in_force, 1);
        in_force->set("registry-copy", isc::data::Element::create(parameters.registry_copy));
        parameters.in_force = in_force;
    }
}

// Returns what happens when the registry is missing or bad, and there is no copy.
UserChk::Start startOf(const Parameters& parameters, bool has_partner) {
    const bool may_close =
        hasWorkedBefore() || (parameters.registry_database && parameters.registry_database->retry_on_startup);
    return may_close && !has_partner ? UserChk::Start::MAY_CLOSE : UserChk::Start::OPEN_ONLY;
}

// Reads the parameters, and the parts of the configuration that concern this library.
void loadLibrary(isc::hooks::LibraryHandle& handle) {
    const std::string server = isc::process::Daemon::getProcName();
    const bool is_v4 = server == Dhcp4::SERVER;
    if (!is_v4 && server != Dhcp6::SERVER) {
        isc_throw(isc::InvalidOperation, "invalid server: '" << server << "', must be one of "
                                                             << Dhcp4::SERVER << ", " << Dhcp6::SERVER);
    }
    if (running_user_chk) {
        isc_throw(isc::InvalidOperation, "hooks-libraries: this library is already loaded");
    }
    const auto config = configToLoadFor();
    Parameters parameters = Parameters::parse(handle.getParameters());
    completeIdentifiers(handle.getParameters(), is_v4, parameters);
    completeDatabase(*config, is_v4, parameters);
    checkPlaces(parameters);
    // configured.cc rejects a bad configuration with the reason in the answer. If there is a partner, it is
    // rejected here already, because the partner does not take over from a server that has its libraries and
    // answers nobody. Subnets from a configuration backend are not known yet.
    if (hasPartner(*config) && !config->getConfigControlInfo()) {
        is_v4 ? checkServerConfig<Dhcp4>(*config, parameters) : checkServerConfig<Dhcp6>(*config, parameters);
    }
    running_user_chk = std::make_unique<UserChk>(
        parameters,
        readingContext(*config, is_v4 ? isc::dhcp::Option::V4 : isc::dhcp::Option::V6, parameters),
        startOf(parameters, hasPartner(*config)));
    for (const std::string& remark : remarksOnLibraries(*config, is_v4, parameters)) {
        LOG_WARN(user_chk_logger, USER_CHK_LIBRARY_ORDER).arg(remark);
    }
    registerCommands(handle, is_v4);
    if (is_v4 && kea::SELECTS_BEFORE_RECEIVE && mayHaveGuards(*config)) {
        registerBufferCallout(handle);
        running_user_chk->judgeEarly();
    }
    if (mayChangeWhileRunning(*config)) {
        registerCommandProcessed(handle, is_v4);
    }
    if (running_user_chk->someEnd()) {
        registerLeases(handle, is_v4);
    }
    if (parameters.outcome_events == Parameters::Events::LIFECYCLE) {
        registerLifecycle(handle, is_v4);
    }
    if (!parameters.registry_copy.empty()) {
        onceItWorks([] {
            if (running_user_chk) {
                running_user_chk->keepCopy();
            }
        });
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
        forgetOnceItWorks();
        running_user_chk.reset();
        return 0;
    } catch (const std::exception& ex) {
        LOG_ERROR(user_chk_logger, USER_CHK_HOOK_UNLOAD_ERROR).arg(ex.what());
        return 1;
    }
}

} // extern "C"
