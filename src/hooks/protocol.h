// SPDX-License-Identifier: MPL-2.0
// Defines what a callout needs to know of each protocol: types, names of arguments, messages.

#ifndef USER_CHK_HOOKS_PROTOCOL_H
#define USER_CHK_HOOKS_PROTOCOL_H

#include <kea_compat.h>
#include <messages/user_chk_messages.h>
#include <user.h>

#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>
#include <dhcpsrv/subnet.h>

namespace user_chk {

/// @brief DHCPv4.
struct Dhcp4 {
    typedef isc::dhcp::Pkt4Ptr PktPtr;
    typedef kea::Subnet4ArgPtr SubnetPtr;
    typedef isc::dhcp::Subnet4Collection Subnets;

    static constexpr const char* QUERY = "query4";
    static constexpr const char* RESPONSE = "response4";
    static constexpr const char* SUBNET = "subnet4";
    static constexpr const char* SUBNETS = "subnet4collection";
    static constexpr UserId::UserIdType ID_TYPE = UserId::HW_ADDRESS;

    static constexpr const isc::log::MessageID& RECEIVE_ERROR = USER_CHK_PKT4_RECEIVE_ERROR;
    static constexpr const isc::log::MessageID& SELECT_ERROR = USER_CHK_SUBNET4_SELECT_ERROR;
    static constexpr const isc::log::MessageID& REGISTRY_NULL = USER_CHK_SUBNET4_SELECT_REGISTRY_NULL;
    static constexpr const isc::log::MessageID& SEND_ERROR = USER_CHK_PKT4_SEND_ERROR;
};

/// @brief DHCPv6.
struct Dhcp6 {
    typedef isc::dhcp::Pkt6Ptr PktPtr;
    typedef kea::Subnet6ArgPtr SubnetPtr;
    typedef isc::dhcp::Subnet6Collection Subnets;

    static constexpr const char* QUERY = "query6";
    static constexpr const char* RESPONSE = "response6";
    static constexpr const char* SUBNET = "subnet6";
    static constexpr const char* SUBNETS = "subnet6collection";
    static constexpr UserId::UserIdType ID_TYPE = UserId::DUID;

    static constexpr const isc::log::MessageID& RECEIVE_ERROR = USER_CHK_PKT6_RECEIVE_ERROR;
    static constexpr const isc::log::MessageID& SELECT_ERROR = USER_CHK_SUBNET6_SELECT_ERROR;
    static constexpr const isc::log::MessageID& REGISTRY_NULL = USER_CHK_SUBNET6_SELECT_REGISTRY_NULL;
    static constexpr const isc::log::MessageID& SEND_ERROR = USER_CHK_PKT6_SEND_ERROR;
};

} // namespace user_chk

#endif // USER_CHK_HOOKS_PROTOCOL_H
