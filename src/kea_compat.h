// SPDX-License-Identifier: MPL-2.0
// Bridges what differs between Kea's releases, by feature; no other file tests for a release.

#ifndef USER_CHK_KEA_COMPAT_H
#define USER_CHK_KEA_COMPAT_H

#include <cc/command_interpreter.h>
#include <cc/data.h>
#include <dhcpsrv/cfg_subnets4.h>
#include <dhcpsrv/cfg_subnets6.h>
#include <dhcpsrv/subnet_selector.h>
#include <hooks/callout_handle.h>
#include <hooks/hooks.h>

#include <ostream>
#include <string>
#include <utility>

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

} // namespace detail

/// @brief The value of a callout context, or a default-made T where nothing was set (a member since Kea 2.3).
template <typename T>
T optionalContext(const isc::hooks::CalloutHandle& handle, const std::string& name) {
    return detail::optionalContext<T>(handle, name, 0);
}

/// @brief The result of a command that would make something that is there already: 4, the conflict of Kea's
/// command interpreter since Kea 2.3, an error before that.
inline constexpr int RESULT_CONFLICT = KEA_HOOKS_VERSION >= 20300 ? 4 : isc::config::CONTROL_RESULT_ERROR;

/// @brief A JSON string that an answer has in a form of our own, where Kea writes each byte beyond ASCII as
/// an escape of a character.
class WrittenString : public isc::data::StringElement {
public:
    /// @brief Makes an element.
    ///
    /// @param value the string
    /// @param json how it is written, quotes included
    WrittenString(const std::string& value, std::string json)
        : StringElement(value), json_(std::move(json)) {}

    /// @brief Writes it; which of the two is Kea's (the second since Kea 2.7) overrides it.
    void toJSON(std::ostream& out) const { out << json_; } // NOLINT(modernize-use-override)

    /// @brief Writes it, at a level of nesting.
    void toJSON(std::ostream& out, unsigned) const { out << json_; } // NOLINT(modernize-use-override)

private:
    const std::string json_;
};

} // namespace user_chk::kea

#endif // USER_CHK_KEA_COMPAT_H
