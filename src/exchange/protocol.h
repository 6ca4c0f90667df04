// SPDX-License-Identifier: MPL-2.0
// Defines what callouts need to know of each protocol: types, argument names, messages.

#ifndef USER_CHK_EXCHANGE_PROTOCOL_H
#define USER_CHK_EXCHANGE_PROTOCOL_H

#include <kea_compat.h>
#include <messages/user_chk_messages.h>
#include <user.h>

#include <dhcp/option.h>
#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>
#include <dhcpsrv/lease.h>
#include <dhcpsrv/subnet.h>

#include <string>

namespace user_chk {

/// @brief DHCPv4.
struct Dhcp4 {
    typedef isc::dhcp::Pkt4 Pkt;                  ///< A query or a response.
    typedef isc::dhcp::Pkt4Ptr PktPtr;            ///< A pointer to one.
    typedef kea::Subnet4ArgPtr SubnetPtr;         ///< What the argument SUBNET holds.
    typedef isc::dhcp::Subnet4Collection Subnets; ///< What the argument SUBNETS points to.
    typedef isc::dhcp::Lease4Ptr LeasePtr;        ///< What the argument LEASE holds.

    static constexpr auto UNIVERSE = isc::dhcp::Option::V4;        ///< Its options.
    static constexpr const char* SERVER = "kea-dhcp4";             ///< The server.
    static inline const std::string QUERY = "query4";              ///< The argument of the query.
    static inline const std::string RESPONSE = "response4";        ///< The argument of the response.
    static inline const std::string SUBNET = "subnet4";            ///< The argument of the selected subnet.
    static inline const std::string SUBNETS = "subnet4collection"; ///< The argument of all subnets.
    static inline const std::string LEASE = "lease4";              ///< The argument of a lease.
    static constexpr UserId::UserIdType ID_TYPE = UserId::HW_ADDRESS; ///< What clients are identified by.

    static constexpr const isc::log::MessageID& RECEIVE_ERROR =
        USER_CHK_PKT4_RECEIVE_ERROR; ///< An error in pktN_receive.
    static constexpr const isc::log::MessageID& SELECT_ERROR =
        USER_CHK_SUBNET4_SELECT_ERROR; ///< An error in subnetN_select.
    static constexpr const isc::log::MessageID& REGISTRY_NULL =
        USER_CHK_SUBNET4_SELECT_REGISTRY_NULL; ///< subnetN_select without a registry.
    static constexpr const isc::log::MessageID& LEASE_ERROR =
        USER_CHK_LEASE4_ERROR; ///< An error in a callout for leases.
    static constexpr const isc::log::MessageID& SEND_ERROR =
        USER_CHK_PKT4_SEND_ERROR; ///< An error in pktN_send.
};

/// @brief DHCPv6.
struct Dhcp6 {
    typedef isc::dhcp::Pkt6 Pkt;                  ///< A query or a response.
    typedef isc::dhcp::Pkt6Ptr PktPtr;            ///< A pointer to one.
    typedef kea::Subnet6ArgPtr SubnetPtr;         ///< What the argument SUBNET holds.
    typedef isc::dhcp::Subnet6Collection Subnets; ///< What the argument SUBNETS points to.
    typedef isc::dhcp::Lease6Ptr LeasePtr;        ///< What the argument LEASE holds.

    static constexpr auto UNIVERSE = isc::dhcp::Option::V6;        ///< Its options.
    static constexpr const char* SERVER = "kea-dhcp6";             ///< The server.
    static inline const std::string QUERY = "query6";              ///< The argument of the query.
    static inline const std::string RESPONSE = "response6";        ///< The argument of the response.
    static inline const std::string SUBNET = "subnet6";            ///< The argument of the selected subnet.
    static inline const std::string SUBNETS = "subnet6collection"; ///< The argument of all subnets.
    static inline const std::string LEASE = "lease6";              ///< The argument of a lease.
    static constexpr UserId::UserIdType ID_TYPE = UserId::DUID;    ///< What clients are identified by.

    static constexpr const isc::log::MessageID& RECEIVE_ERROR =
        USER_CHK_PKT6_RECEIVE_ERROR; ///< An error in pktN_receive.
    static constexpr const isc::log::MessageID& SELECT_ERROR =
        USER_CHK_SUBNET6_SELECT_ERROR; ///< An error in subnetN_select.
    static constexpr const isc::log::MessageID& REGISTRY_NULL =
        USER_CHK_SUBNET6_SELECT_REGISTRY_NULL; ///< subnetN_select without a registry.
    static constexpr const isc::log::MessageID& LEASE_ERROR =
        USER_CHK_LEASE6_ERROR; ///< An error in a callout for leases.
    static constexpr const isc::log::MessageID& SEND_ERROR =
        USER_CHK_PKT6_SEND_ERROR; ///< An error in pktN_send.
};

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_PROTOCOL_H
