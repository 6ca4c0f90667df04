// SPDX-License-Identifier: MPL-2.0
// Defines Scope: the part of a network where a registration holds.

#ifndef USER_CHK_POLICY_SCOPE_H
#define USER_CHK_POLICY_SCOPE_H

#include <user.h>

#include <dhcpsrv/subnet_id.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace isc::dhcp {
class Subnet4;
class Subnet6;
} // namespace isc::dhcp

namespace user_chk {

/// @brief The subnets and shared networks that a record names. Immutable once it is in the registry.
struct Scope {
    std::vector<isc::dhcp::SubnetID> subnets; ///< `subnets`: their ids
    std::vector<std::string> shared_networks; ///< `shared-networks`: their names

    /// @brief Takes `subnets` and `shared-networks` out of attributes.
    ///
    /// @return a null pointer when there are neither: such a registration holds everywhere.
    /// @throw isc::BadValue naming the attribute that has a bad value.
    static std::shared_ptr<const Scope> parse(const PropertyMap& attributes);

    /// @brief True when it has a subnet, or one that shares the network with it: a client on that link is in
    /// all of them.
    bool includes(const isc::dhcp::Subnet4& subnet) const;

    /// @brief The same for DHCPv6.
    bool includes(const isc::dhcp::Subnet6& subnet) const;
};

/// @brief What tells whether a client is within a scope. It is asked only of a record that has one.
typedef std::function<bool(const Scope&)> ScopeTest;

} // namespace user_chk

#endif // USER_CHK_POLICY_SCOPE_H
