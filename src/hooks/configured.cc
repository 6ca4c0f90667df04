// SPDX-License-Identifier: MPL-2.0
// The callouts dhcp4_srv_configured and dhcp6_srv_configured: they check the user contexts of subnets and
// shared networks, and guard subnets. Also cb4_updated, cb6_updated and command_processed, for changes while
// the server runs.

#include <config/places.h>
#include <exchange/protocol.h>
#include <hooks/callout.h>
#include <hooks/server_config.h>
#include <policy/guards.h>

#include <cc/data.h>
#include <dhcpsrv/cfgmgr.h>
#include <util/multi_threading_mgr.h>

#include <boost/algorithm/string/join.hpp>
#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <utility>

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::dhcp::SrvConfig;
using isc::dhcp::SrvConfigPtr;
using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

// True when a string in a configuration contains this text.
bool mentions(const ConstElementPtr& config, const std::string& text) {
    switch (config->getType()) {
    case Element::string:
        return config->stringValue().find(text) != std::string::npos;
    case Element::list:
        return std::any_of(config->listValue().begin(), config->listValue().end(),
                           [&](const auto& element) { return mentions(element, text); });
    case Element::map:
        return std::any_of(config->mapValue().begin(), config->mapValue().end(),
                           [&](const auto& member) { return mentions(member.second, text); });
    default:
        return false;
    }
}

// True when a class that queries get could have an effect: the configuration names it, or something outside
// of the configuration may: other libraries, or a configuration backend.
bool mayMatter(const ConstElementPtr& json, const SrvConfig& config, const Parameters& parameters) {
    return config.getHooksConfig().get().size() > 1 || config.getConfigControlInfo() ||
           mentions(json, parameters.registered_class) || mentions(json, parameters.unregistered_class);
}

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

// Warns of a subnet from which unregistered clients are restricted to a subnet of registered ones.
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

// Guards the subnets of a configuration (see guards.h), logs that, and derives what queries need to know of
// them. Must not be called while a query is processed with this configuration. The subnets of a settled
// configuration are complete, so that the last of them may become the restricted one.
template <typename Protocol>
void guardConfiguration(UserChk& user_chk, const isc::dhcp::SrvConfig& config, bool settled) {
    const auto& subnets = subnetsOf(config, Protocol());
    const PlacementSettings settings =
        settled ? user_chk.site().settle(subnets) : user_chk.site().presumed(subnets);
    const Parameters& parameters = user_chk.parameters();
    const ConstElementPtr global = config.getConfiguredGlobal("reservations-global");
    const Guarded guarded = guardSubnets(
        subnets, settings,
        {parameters.registered_class, parameters.unregistered_class, global && global->boolValue()});
    Site::Findings findings = user_chk.site().findings();
    findings.guards = guarded.guards;
    findings.for_unregistered = subnetsForUnregistered(subnets, settings);
    findings.unregistered_from = originsOfUnregistered(subnets, settings);
    findings.all_guards = allGuards(subnets);
    findings.contexts.parse(subnets);
    if (guarded.changed || settled) {
        tell(guarded);
        tellOfSubnetsForBoth(subnets, findings.for_unregistered, settings);
    }
    user_chk.site().take(std::move(findings));
}

// The server continues with its previous configuration, but with this library as the rejected one has it. So
// that a rejected configuration is not partly in force, the library is closed: queries are dropped until
// there is a good one.
template <typename Protocol>
int configured(CalloutHandle& handle) {
    try {
        const auto config = argument<SrvConfigPtr>(handle, "server_config");
        UserChk& user_chk = requireUserChk();
        checkServerConfig<Protocol>(*config, user_chk.parameters());
        Site::Findings findings;
        findings.classes_matter =
            mayMatter(argument<ConstElementPtr>(handle, "json_config"), *config, user_chk.parameters());
        user_chk.site().take(std::move(findings));
        guardConfiguration<Protocol>(user_chk, *config, true);
        user_chk.readBy(readingContext(*config, Protocol::UNIVERSE, user_chk.parameters()));
        return 0;
    } catch (const std::exception& ex) {
        LOG_ERROR(user_chk_logger, USER_CHK_CONFIGURATION_REFUSED).arg(ex.what());
        const std::string error = std::string("user_chk: ") + ex.what();
        handle.setArgument("error", error);
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        running_user_chk.reset();
        return 1;
    }
}

// The change is already in force; if it is bad, queries are dropped.
template <typename Protocol>
int updated() {
    try {
        if (running_user_chk) {
            const auto config = isc::dhcp::CfgMgr::instance().getCurrentCfg();
            const isc::util::MultiThreadingCriticalSection no_packets;
            running_user_chk->readBy(
                readingContext(*config, Protocol::UNIVERSE, running_user_chk->parameters()));
            guardConfiguration<Protocol>(*running_user_chk, *config, false);
        }
        return 0;
    } catch (const std::exception& ex) {
        LOG_ERROR(user_chk_logger, USER_CHK_UPDATE_ERROR).arg(ex.what());
        return 1;
    }
}

// The commands that change subnets and shared networks are named subnet4-add, network6-subnet-del, and so on.
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

int dhcp4_srv_configured(CalloutHandle& handle) {
    return user_chk::configured<user_chk::Dhcp4>(handle);
}

int dhcp6_srv_configured(CalloutHandle& handle) {
    return user_chk::configured<user_chk::Dhcp6>(handle);
}

int cb4_updated(CalloutHandle&) {
    return user_chk::updated<user_chk::Dhcp4>();
}

int cb6_updated(CalloutHandle&) {
    return user_chk::updated<user_chk::Dhcp6>();
}

} // extern "C"
