// SPDX-License-Identifier: MPL-2.0
// Implements the guarding of subnets.

#include <hooks/guarding.h>

#include <hooks/callout.h>
#include <hooks/server_config.h>
#include <policy/guards.h>

#include <boost/algorithm/string/join.hpp>

#include <utility>

using isc::data::ConstElementPtr;

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

} // namespace

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
    findings.contexts.parse(subnets);
    if (guarded.changed || settled) {
        tell(guarded);
        tellOfSubnetsForBoth(subnets, findings.for_unregistered, settings);
    }
    user_chk.site().take(std::move(findings));
}

template void guardConfiguration<Dhcp4>(UserChk& user_chk, const isc::dhcp::SrvConfig& config, bool settled);
template void guardConfiguration<Dhcp6>(UserChk& user_chk, const isc::dhcp::SrvConfig& config, bool settled);

} // namespace user_chk
