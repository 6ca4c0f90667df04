// SPDX-License-Identifier: MPL-2.0
// Implements what load() has to know of the server beyond its configuration.

#include <config.h> // Kea's own; its headers for TLS ask for it

#include <hooks/server_state.h>

#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/timer_mgr.h>

#include <string>

namespace user_chk {

using isc::asiolink::IntervalTimer;
using isc::dhcp::CfgMgr;
using isc::dhcp::TimerMgr;

namespace {

const std::string TIMER = "user-chk-once-it-works";

} // namespace

// The configuration that a server begins with, which is empty, has the number 0; each that it has taken has a
// higher one.
bool hasWorkedBefore() {
    return CfgMgr::instance().getCurrentCfg()->getSequence() != 0;
}

// Timers run from the server's loop, which a server that only checks a configuration does not enter. They are
// gone when it is given another one.
void onceItWorks(const std::function<void()>& call) {
    forgetOnceItWorks();
    TimerMgr::instance()->registerTimer(TIMER, call, 1, IntervalTimer::ONE_SHOT);
    TimerMgr::instance()->setup(TIMER);
}

void forgetOnceItWorks() {
    if (TimerMgr::instance()->isTimerRegistered(TIMER)) {
        TimerMgr::instance()->unregisterTimer(TIMER);
    }
}

} // namespace user_chk
