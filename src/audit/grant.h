// SPDX-License-Identifier: MPL-2.0
// Defines Grant, what a response gives to a client, and Circumstances, what else the outcome file may tell.

#ifndef USER_CHK_AUDIT_GRANT_H
#define USER_CHK_AUDIT_GRANT_H

#include <user.h>

#include <asiolink/io_address.h>

#include <boost/container/small_vector.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace user_chk {

/// @brief An address or prefix that a response grants.
struct GrantedLease {
    /// @brief The address, or the prefix's.
    isc::asiolink::IOAddress address;

    /// @brief The length of a prefix, 0 for an address.
    uint8_t prefix_length = 0;

    /// @brief Seconds for which it may be used; 0 for the answer to a DHCPINFORM, which leases nothing.
    uint32_t valid_lifetime = 0;

    /// @brief The id of the subnet that it is of; set for the JSON form only.
    uint32_t subnet_id = 0;
};

/// @brief All that one response grants; nearly always one.
typedef boost::container::small_vector<GrantedLease, 1> GrantedLeases;

/// @brief What a response gives to a client.
struct Grant {
    /// @brief The client.
    const UserId& id;

    /// @brief The hardware type of a DHCPv4 client (RFC 2131 `htype`).
    std::optional<uint16_t> hw_type;

    /// @brief True when the registry knows the client.
    bool registered;

    /// @brief What it is given.
    const GrantedLeases& leases;

    /// @brief The identifier that has decided, where that is not the client; a null pointer otherwise.
    const UserId* matched = nullptr;
};

/// @brief What happened to a client, for one record in the JSON form.
struct Event {
    /// @brief The client.
    const UserId& id;

    /// @brief The hardware type of a DHCPv4 client.
    std::optional<uint16_t> hw_type;

    /// @brief The lease that it is about; none for a query that was refused.
    std::optional<GrantedLease> lease;

    /// @brief Whether the registry knows the client; nothing when it was not asked.
    std::optional<bool> registered;

    /// @brief The identifier that has decided, where that is not the client; a null pointer otherwise.
    const UserId* matched = nullptr;
};

/// @brief Of the exchange in which it happened.
struct Circumstances {
    /// @brief When it happened.
    std::chrono::system_clock::time_point time;

    /// @brief `kea-dhcp4` or `kea-dhcp6`.
    const char* server;

    /// @brief The kind of response: `offer`, `ack`, `advertise` or `reply`; or what happened else: `release`,
    /// `decline`, `expire`, `refuse`.
    const char* message;

    /// @brief The query's transaction id; none where the server did it by itself.
    std::optional<uint32_t> transaction_id;

    /// @brief The name of the interface that the query came in by; empty where there was none.
    std::string interface;

    /// @brief The address that tells the relayed client's link (RFC 2131 `giaddr`, RFC 8415 section 19.1.1
    /// link-address), empty for a query that was not relayed.
    std::string relay;

    /// @brief The client's name, in the response or else in the query; empty when neither has one.
    std::string hostname;

    /// @brief Why something was refused; empty for what was not.
    std::string reason{};
};

} // namespace user_chk

#endif // USER_CHK_AUDIT_GRANT_H
