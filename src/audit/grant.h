// SPDX-License-Identifier: MPL-2.0
// Defines Grant, what a response gives to a client, and Circumstances, the details of the exchange that are
// recorded with it.

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
    /// @brief The address, or the address part of the prefix.
    isc::asiolink::IOAddress address;

    /// @brief The length of the prefix, 0 for an address.
    uint8_t prefix_length = 0;

    /// @brief The lifetime in seconds; 0 for the answer to a DHCPINFORM, which leases nothing.
    uint32_t valid_lifetime = 0;

    /// @brief The id of its subnet; set for the JSON form only.
    uint32_t subnet_id = 0;
};

/// @brief Everything that one response grants; nearly always a single lease.
typedef boost::container::small_vector<GrantedLease, 1> GrantedLeases;

/// @brief What a response gives to a client.
struct Grant {
    /// @brief The client.
    const UserId& id;

    /// @brief The hardware type of a DHCPv4 client (RFC 2131 `htype`).
    std::optional<uint16_t> hw_type;

    /// @brief True when the client is treated as a registered one.
    bool registered;

    /// @brief The leases that the response grants.
    const GrantedLeases& leases;

    /// @brief The identifier that decided, when it is not the client's own id; a null pointer otherwise.
    const UserId* matched = nullptr;
};

/// @brief An event of a client, for one record in the JSON form.
struct Event {
    /// @brief The client.
    const UserId& id;

    /// @brief The hardware type of a DHCPv4 client.
    std::optional<uint16_t> hw_type;

    /// @brief The lease that the event is about; none for a refused query.
    std::optional<GrantedLease> lease;

    /// @brief Whether the client is treated as a registered one; none when the registry was not asked.
    std::optional<bool> registered;

    /// @brief The identifier that decided, when it is not the client's own id; a null pointer otherwise.
    const UserId* matched = nullptr;
};

/// @brief The circumstances of an event.
struct Circumstances {
    /// @brief When it happened.
    std::chrono::system_clock::time_point time;

    /// @brief `kea-dhcp4` or `kea-dhcp6`.
    const char* server;

    /// @brief The type of the response: `offer`, `ack`, `advertise` or `reply`; or another kind of event:
    /// `release`, `decline`, `expire`, `refuse`.
    const char* message;

    /// @brief The query's transaction id; none when the server acted without a query.
    std::optional<uint32_t> transaction_id;

    /// @brief The name of the interface that received the query; empty when there was no query.
    std::string interface;

    /// @brief The address that identifies a relayed client's link (RFC 2131 `giaddr`, RFC 8415 section 19.1.1
    /// link-address); empty for a query that was not relayed.
    std::string relay;

    /// @brief The client's host name, from the response, or else from the query; empty when neither has one.
    std::string hostname;

    /// @brief Why the query was refused; empty when it was not.
    std::string reason{};
};

} // namespace user_chk

#endif // USER_CHK_AUDIT_GRANT_H
