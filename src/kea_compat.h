// SPDX-License-Identifier: MPL-2.0
// Bridges what differs between Kea's releases, by feature; no other file tests for a release.

#ifndef USER_CHK_KEA_COMPAT_H
#define USER_CHK_KEA_COMPAT_H

#include <cc/command_interpreter.h>
#include <dhcp/classify.h>
#include <dhcpsrv/cfg_subnets4.h>
#include <dhcpsrv/cfg_subnets6.h>
#include <dhcpsrv/subnet_selector.h>
#include <hooks/callout_handle.h>
#include <hooks/hooks.h>

#include <string>
#include <utility>
#include <vector>

namespace user_chk::kea {

/// @brief What the server puts into the argument `subnet4` (a pointer to const since Kea 2.7).
///
/// Arguments travel in boost::any, which gives back only the exact type that was put in.
using Subnet4ArgPtr = decltype(std::declval<const isc::dhcp::CfgSubnets4&>().selectSubnet(
    std::declval<const isc::dhcp::SubnetSelector&>()));

/// @brief What the server puts into the argument `subnet6`.
using Subnet6ArgPtr = decltype(std::declval<const isc::dhcp::CfgSubnets6&>().selectSubnet(
    std::declval<const isc::dhcp::SubnetSelector&>()));

namespace detail {

template <typename T, typename Handle>
auto optionalContext(const Handle& handle, const std::string& name, int)
    -> decltype(handle.template getOptionalContext<T>(name)) {
    return handle.template getOptionalContext<T>(name);
}

template <typename T, typename Handle>
T optionalContext(const Handle& handle, const std::string& name, long) {
    T value = T();
    try {
        handle.getContext(name, value);
    } catch (const isc::hooks::NoSuchCalloutContext&) {
        return T();
    }
    return value;
}

template <typename Thing>
auto guardsOf(const Thing& thing, int)
    -> decltype(std::vector<isc::dhcp::ClientClass>(thing.getClientClasses().begin(),
                                                    thing.getClientClasses().end())) {
    const auto& classes = thing.getClientClasses();
    return {classes.begin(), classes.end()};
}

template <typename Thing>
std::vector<isc::dhcp::ClientClass> guardsOf(const Thing& thing, long) {
    const isc::dhcp::ClientClass guard = thing.getClientClass();
    return guard.empty() ? std::vector<isc::dhcp::ClientClass>() : std::vector<isc::dhcp::ClientClass>{guard};
}

} // namespace detail

/// @brief The client classes that guard a subnet, shared network or pool (several since Kea 2.7).
template <typename Thing>
std::vector<isc::dhcp::ClientClass> guardsOf(const Thing& thing) {
    return detail::guardsOf(thing, 0);
}

/// @brief The value of a callout context, or a default-made T where nothing was set (a member since Kea 2.3).
template <typename T>
T optionalContext(const isc::hooks::CalloutHandle& handle, const std::string& name) {
    return detail::optionalContext<T>(handle, name, 0);
}

/// @brief The result of a command that would make something that is there already: 4, the conflict of Kea's
/// command interpreter since Kea 2.3, an error before that.
inline constexpr int RESULT_CONFLICT = KEA_HOOKS_VERSION >= 20300 ? 4 : isc::config::CONTROL_RESULT_ERROR;

} // namespace user_chk::kea

#endif // USER_CHK_KEA_COMPAT_H
