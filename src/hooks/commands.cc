// SPDX-License-Identifier: MPL-2.0
// The callouts for commands of the control channel: they pass the arguments on and set the response.

#include <commands/answer.h>
#include <commands/commands.h>
#include <exchange/protocol.h>
#include <hooks/callout.h>

#include <cc/command_interpreter.h>
#include <stats/stats_mgr.h>

#include <exception>
#include <string>

using isc::data::ConstElementPtr;
using isc::hooks::CalloutHandle;
using isc::stats::StatsMgr;

namespace user_chk {
namespace {

// Answers a command. Any error becomes an answer too.
template <typename Answer>
int respond(CalloutHandle& handle, const Answer& answer) {
    ConstElementPtr response;
    try {
        ConstElementPtr arguments; // a null pointer when there are none
        const std::string name =
            isc::config::parseCommand(arguments, argument<ConstElementPtr>(handle, "command"));
        response = answer(name, arguments);
    } catch (const std::exception& ex) {
        response = failure(ex.what());
    }
    handle.setArgument("response", response);
    return 0;
}

// Lets a function answer a command.
template <ConstElementPtr (*ANSWER)(UserChk&, const ConstElementPtr&)>
int command(CalloutHandle& handle) {
    return respond(handle, [](const std::string&, const ConstElementPtr& arguments) {
        return ANSWER(requireUserChk(), arguments);
    });
}

// Lets Kea answer a command about its statistics, after ours are updated.
template <ConstElementPtr (*ANSWER)(const std::string&, const ConstElementPtr&)>
int statistics(CalloutHandle& handle) {
    return respond(handle, [](const std::string& name, const ConstElementPtr& arguments) {
        if (running_user_chk) {
            running_user_chk->publishStatistics();
        }
        return ANSWER(name, arguments);
    });
}

} // namespace

void registerCommands(isc::hooks::LibraryHandle& handle, bool is_v4) {
    handle.registerCommandCallout("user-chk-get", command<getUser>);
    handle.registerCommandCallout("user-chk-list", command<listUsers>);
    handle.registerCommandCallout("user-chk-add", command<addUser>);
    handle.registerCommandCallout("user-chk-update", command<updateUser>);
    handle.registerCommandCallout("user-chk-del", command<deleteUser>);
    handle.registerCommandCallout("user-chk-reload", command<reloadRegistry>);
    handle.registerCommandCallout("user-chk-status", command<tellStatus>);
    handle.registerCommandCallout("user-chk-explain",
                                  is_v4 ? command<explain<Dhcp4>> : command<explain<Dhcp6>>);
    handle.registerCommandCallout("user-chk-strangers",
                                  is_v4 ? command<listStrangers<Dhcp4>> : command<listStrangers<Dhcp6>>);
    handle.registerCommandCallout("statistic-get", statistics<StatsMgr::statisticGetHandler>);
    handle.registerCommandCallout("statistic-get-all", statistics<StatsMgr::statisticGetAllHandler>);
    handle.registerCommandCallout("statistic-reset", statistics<StatsMgr::statisticResetHandler>);
    handle.registerCommandCallout("statistic-reset-all", statistics<StatsMgr::statisticResetAllHandler>);
    handle.registerCommandCallout("statistic-remove", statistics<StatsMgr::statisticRemoveHandler>);
    handle.registerCommandCallout("statistic-remove-all", statistics<StatsMgr::statisticRemoveAllHandler>);
}

} // namespace user_chk
