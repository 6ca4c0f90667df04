// SPDX-License-Identifier: MPL-2.0
// Defines Scope: the part of a network in which a registration is valid.

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

/// @brief The subnets and shared networks that a record names. Immutable once in the registry.
struct Scope {
    std::vector<isc::dhcp::SubnetID> subnets; ///< `subnets`: their ids
    std::vector<std::string> shared_networks; ///< `shared-networks`: their names

    /// @brief Parses the attributes `subnets` and `shared-networks`.
    ///
    /// @return the scope, a null pointer when both are absent: such a registration is valid everywhere.
    /// @throw isc::BadValue naming the attribute that has a bad value.
    static std::shared_ptr<const Scope> parse(const PropertyMap& attributes);

    /// @brief True when the scope names this subnet, its shared network, or another subnet of that network: a
    /// client on that link is in all of them.
    bool includes(const isc::dhcp::Subnet4& subnet) const;

    /// @brief Same as above, for DHCPv6.
    bool includes(const isc::dhcp::Subnet6& subnet) const;
};

/// @brief Tells whether a client is within a scope. Called only for a record that has one.
typedef std::function<bool(const Scope&)> ScopeTest;

} // namespace user_chk

#endif // USER_CHK_POLICY_SCOPE_H
