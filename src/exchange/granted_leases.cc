// SPDX-License-Identifier: MPL-2.0
// Implements the reading, judging and withholding of what a response grants.

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <exchange/granted_leases.h>

#include <exchange/packet_option.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option6_ia.h>
#include <dhcp/option6_iaaddr.h>
#include <dhcp/option6_iaprefix.h>
#include <dhcp/option6_status_code.h>
#include <dhcp/option_int.h>
#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/host.h>
#include <dhcpsrv/host_mgr.h>
#include <dhcpsrv/lease.h>
#include <dhcpsrv/shared_network.h>

#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

#include <algorithm>
#include <iterator>

namespace user_chk {

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace {

// Returns the lease time of a DHCPv4 response (RFC 2132 section 9.2), 0 when there is none.
uint32_t leaseTimeOf(const Pkt4& response) {
    const auto* option = optionIn<OptionUint32>(response, DHO_DHCP_LEASE_TIME);
    return option != nullptr ? option->getValue() : 0;
}

bool isIdentityAssociation(unsigned int code) {
    return code == D6O_IA_NA || code == D6O_IA_TA || code == D6O_IA_PD;
}

bool hasFailed(const Option& ia) {
    const auto& options = ia.getOptions();
    const auto found = options.find(D6O_STATUS_CODE);
    if (found == options.end()) {
        return false;
    }
    const auto status = boost::dynamic_pointer_cast<Option6StatusCode>(found->second);
    return status && status->getStatusCode() != STATUS_Success;
}

// Adds what an option in an IA grants, which is nothing unless it is a lease.
void addLease(GrantedLeases& granted, const Option& option) {
    const auto* lease = dynamic_cast<const Option6IAAddr*>(&option);
    if (!lease || lease->getValid() == 0) {
        return;
    }
    const auto* prefix = dynamic_cast<const Option6IAPrefix*>(lease);
    granted.push_back({lease->getAddress(), prefix ? prefix->getLength() : uint8_t(0), lease->getValid(), 0});
}

bool holds(const Subnet4& subnet, const GrantedLease& lease) {
    return lease.address.isV4Zero() || subnet.inRange(lease.address);
}

bool holds(const Subnet6& subnet, const GrantedLease& lease) {
    return lease.prefix_length == 0 ? subnet.inRange(lease.address)
                                    : subnet.inPool(Lease::TYPE_PD, lease.address);
}

template <typename NetworkPtr, typename SubnetPtr>
SubnetID subnetOfLease(const GrantedLease& lease, const SubnetPtr& selected) {
    if (!selected) {
        return 0;
    }
    NetworkPtr network;
    selected->getSharedNetwork(network);
    if (network && !holds(*selected, lease)) {
        const auto& siblings = *network->getAllSubnets();
        const auto found = std::find_if(siblings.begin(), siblings.end(),
                                        [&](const auto& sibling) { return holds(*sibling, lease); });
        if (found != siblings.end()) {
            return (*found)->getID();
        }
    }
    return selected->getID();
}

template <typename Subnets, typename SubnetPtr>
SubnetID subnetAmong(const Subnets& subnets, const GrantedLease& lease, const SubnetPtr& selected) {
    const auto found = std::find_if(subnets.begin(), subnets.end(),
                                    [&](const auto& subnet) { return holds(*subnet, lease); });
    return found != subnets.end() ? (*found)->getID() : selected ? selected->getID() : 0;
}

bool isAmong(const Option& option, const GrantedLeases& leases) {
    const auto* address = dynamic_cast<const Option6IAAddr*>(&option); // or a prefix
    const auto* prefix = dynamic_cast<const Option6IAPrefix*>(&option);
    return address != nullptr && std::any_of(leases.begin(), leases.end(), [&](const GrantedLease& lease) {
               return lease.address == address->getAddress() &&
                      lease.prefix_length == (prefix != nullptr ? prefix->getLength() : 0);
           });
}

bool grantsAny(const Option& ia) {
    const OptionCollection& options = ia.getOptions();
    return std::any_of(options.begin(), options.end(), [](const auto& option) {
        const auto* lease = dynamic_cast<const Option6IAAddr*>(option.second.get());
        return lease != nullptr && lease->getValid() != 0;
    });
}

void setStatus(Option& ia) {
    const bool is_prefix = ia.getType() == D6O_IA_PD;
    while (ia.delOption(D6O_STATUS_CODE)) {
    }
    ia.addOption(boost::make_shared<Option6StatusCode>(
        static_cast<uint16_t>(is_prefix ? STATUS_NoPrefixAvail : STATUS_NoAddrsAvail),
        is_prefix ? "No prefixes available." : "No addresses available."));
}

// Removes leases from an IA. Returns whether it had any of them.
bool take(Option& ia, const GrantedLeases& leases) {
    OptionCollection& options = ia.getMutableOptions();
    const size_t before = options.size();
    for (auto option = options.begin(); option != options.end();) {
        option = isAmong(*option->second, leases) ? options.erase(option) : std::next(option);
    }
    return options.size() != before;
}

} // namespace

GrantedLeases grantedBy(const Pkt4& response) {
    GrantedLeases granted;
    if (messageTypeOf(response) != DHCPNAK) {
        granted.push_back({response.getYiaddr(), 0, leaseTimeOf(response), 0});
    }
    return granted;
}

GrantedLeases grantedBy(const Pkt6& response) {
    GrantedLeases granted;
    for (const auto& [code, ia] : response.options_) {
        if (!isIdentityAssociation(code) || hasFailed(*ia)) {
            continue;
        }
        for (const auto& suboption : ia->getOptions()) {
            addLease(granted, *suboption.second);
        }
    }
    return granted;
}

SubnetID subnetOf(const GrantedLease& lease, const kea::Subnet4ArgPtr& selected) {
    return subnetOfLease<SharedNetwork4Ptr>(lease, selected);
}

SubnetID subnetOf(const GrantedLease& lease, const kea::Subnet6ArgPtr& selected) {
    return subnetOfLease<SharedNetwork6Ptr>(lease, selected);
}

SubnetID subnetOfAnywhere(const GrantedLease& lease, const kea::Subnet4ArgPtr& selected) {
    return subnetAmong(*CfgMgr::instance().getCurrentCfg()->getCfgSubnets4()->getAll(), lease, selected);
}

SubnetID subnetOfAnywhere(const GrantedLease& lease, const kea::Subnet6ArgPtr& selected) {
    return subnetAmong(*CfgMgr::instance().getCurrentCfg()->getCfgSubnets6()->getAll(), lease, selected);
}

bool isOutside(const IOAddress& address, uint8_t, const Subnet4& subnet) {
    return !address.isV4Zero() && !subnet.inRange(address);
}

bool isOutside(const IOAddress& address, uint8_t prefix_length, const Subnet6& subnet) {
    if (prefix_length == 0) {
        return !subnet.inRange(address);
    }
    return !subnet.inPool(Lease::TYPE_PD, address) && !HostMgr::instance().get6(subnet.getID(), address);
}

bool withhold(Pkt4&, const GrantedLeases&) {
    return false;
}

bool withhold(Pkt6& response, const GrantedLeases& leases) {
    for (const auto& [code, option] : response.options_) {
        const auto ia = boost::dynamic_pointer_cast<Option6IA>(option); // no IA_TA: Kea grants none
        if (ia && take(*ia, leases) && !grantsAny(*ia)) {
            ia->setT1(0);
            ia->setT2(0);
            setStatus(*ia);
        }
    }
    return true;
}

} // namespace user_chk
