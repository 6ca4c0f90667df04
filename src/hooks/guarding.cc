// SPDX-License-Identifier: MPL-2.0
// Implements the guarding of subnets, with the callouts command_processed, cb4_updated and cb6_updated.

#include <hooks/guarding.h>

#include <hooks/callout.h>
#include <hooks/server_config.h>
#include <policy/guards.h>

#include <cc/command_interpreter.h>
#include <dhcpsrv/cfgmgr.h>
#include <util/multi_threading_mgr.h>

#include <boost/algorithm/string/join.hpp>
#include <boost/algorithm/string/predicate.hpp>

#include <exception>
#include <utility>

using isc::data::ConstElementPtr;
using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

void tell(const Guarded& guarded) {
    if (!guarded.networks.empty()) {
        LOG_INFO(user_chk_logger, USER_CHK_SUBNETS_GUARDED)
            .arg(boost::algorithm::join(guarded.networks, ", "));
    }
    for (const std::string& subnet : guarded.without_global_reservations) {
        LOG_INFO(user_chk_logger, USER_CHK_GLOBAL_RESERVATIONS_OFF).arg(subnet);
    }
    for (const std::string& subnet : guarded.left) {
        LOG_WARN(user_chk_logger, USER_CHK_SUBNET_NOT_GUARDED).arg(subnet);
    }
}

// Tells of a subnet from which unregistered clients are restricted to where registered ones are.
template <typename Subnets>
void tellOfSubnetsForBoth(const Subnets& subnets, const std::set<isc::dhcp::SubnetID>& for_unregistered,
                          const PlacementSettings& settings) {
    for (const auto& subnet : subnets) {
        const PlacementSettings own = settingsOf(*subnet, settings);
        if (own.unregistered_clients == PlacementSettings::Unregistered::RESTRICT &&
            own.restricted_subnet_id == subnet->getID() && for_unregistered.count(subnet->getID()) == 0) {
            LOG_WARN(user_chk_logger, USER_CHK_SUBNET_NOT_APART).arg(nameOf(*subnet));
        }
    }
}

template <typename Protocol>
void guardCurrent() {
    const auto config = isc::dhcp::CfgMgr::instance().getCurrentCfg();
    const isc::util::MultiThreadingCriticalSection no_packets;
    guardConfiguration<Protocol>(requireUserChk(), *config, false);
}

// What a command or a backend has made of the subnets is in force already; where it is bad, queries are
// dropped.
template <typename Protocol>
int changed() {
    try {
        if (userChk()) {
            guardCurrent<Protocol>();
        }
        return 0;
    } catch (const std::exception& ex) {
        LOG_ERROR(user_chk_logger, USER_CHK_CHANGE_NOT_CHECKED).arg(ex.what());
        return 1;
    }
}

template <typename Protocol>
int backendUpdated(CalloutHandle&) {
    return changed<Protocol>();
}

template <typename Protocol>
int commandProcessed(CalloutHandle& handle) {
    const auto name = argument<std::string>(handle, "name");
    const bool about_subnets = boost::starts_with(name, "subnet") || boost::starts_with(name, "network");
    const bool changes = !boost::ends_with(name, "-get") && !boost::ends_with(name, "-list");
    return about_subnets && changes ? changed<Protocol>() : 0;
}

} // namespace

template <typename Protocol>
void guardConfiguration(UserChk& user_chk, const isc::dhcp::SrvConfig& config, bool settled) {
    const auto& subnets = subnetsOf(config, Protocol());
    const PlacementSettings settings =
        settled ? user_chk.placement(subnets) : user_chk.presumedPlacement(subnets);
    const Parameters& parameters = user_chk.parameters();
    const ConstElementPtr global = config.getConfiguredGlobal("reservations-global");
    const Guarded guarded = guardSubnets(
        subnets, settings,
        {parameters.registered_class, parameters.unregistered_class, global && global->boolValue()});
    UserChk::Known known = user_chk.known();
    known.guards = guarded.guards;
    known.for_unregistered = subnetsForUnregistered(subnets, settings);
    if (guarded.changed || settled) {
        tell(guarded);
        tellOfSubnetsForBoth(subnets, known.for_unregistered, settings);
    }
    user_chk.know(std::move(known));
}

template void guardConfiguration<Dhcp4>(UserChk& user_chk, const isc::dhcp::SrvConfig& config, bool settled);
template void guardConfiguration<Dhcp6>(UserChk& user_chk, const isc::dhcp::SrvConfig& config, bool settled);

void registerGuardingCallouts(isc::hooks::LibraryHandle& handle, bool is_v4) {
    handle.registerCallout("command_processed", is_v4 ? commandProcessed<Dhcp4> : commandProcessed<Dhcp6>);
    is_v4 ? handle.registerCallout("cb4_updated", backendUpdated<Dhcp4>)
          : handle.registerCallout("cb6_updated", backendUpdated<Dhcp6>);
}

} // namespace user_chk
