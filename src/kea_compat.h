// SPDX-License-Identifier: MPL-2.0
// Bridges what differs between Kea's releases, by feature; no other file tests for a release.

#ifndef USER_CHK_KEA_COMPAT_H
#define USER_CHK_KEA_COMPAT_H

#include <asiolink/io_service.h>
#include <cc/command_interpreter.h>
#include <cc/data.h>
#include <dhcp/classify.h>
#include <dhcpsrv/cfg_subnets4.h>
#include <dhcpsrv/cfg_subnets6.h>
#include <dhcpsrv/network.h>
#include <dhcpsrv/pool.h>
#include <dhcpsrv/subnet_selector.h>
#include <hooks/callout_handle.h>
#include <hooks/hooks.h>
#include <hooks/libinfo.h>

#include <ostream>
#include <set>
#include <string>
#include <type_traits>
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

namespace detail {

// Since Kea 2.7 a place has a list of guards.
template <typename Place>
auto guardsOf(const Place& place, int)
    -> decltype(place.getClientClasses(), std::set<isc::dhcp::ClientClass>()) {
    const isc::dhcp::ClientClasses& classes = place.getClientClasses();
    return {classes.begin(), classes.end()};
}

inline std::set<isc::dhcp::ClientClass> oneOrNone(const isc::dhcp::ClientClass& name) {
    return name.empty() ? std::set<isc::dhcp::ClientClass>() : std::set<isc::dhcp::ClientClass>{name};
}

template <typename Place>
std::set<isc::dhcp::ClientClass> guardsOf(const Place& place, long) {
    if constexpr (std::is_base_of_v<isc::dhcp::Network, Place>) {
        const auto guard = place.getClientClass(isc::dhcp::Network::Inheritance::NONE);
        return oneOrNone(guard.unspecified() ? isc::dhcp::ClientClass() : guard.get());
    } else {
        return oneOrNone(place.getClientClass());
    }
}

template <typename Place>
auto setGuard(Place& place, const isc::dhcp::ClientClass& guard, int)
    -> decltype(place.getMutableClientClasses(), void()) {
    place.getMutableClientClasses() = isc::dhcp::ClientClasses(guard);
}

template <typename Place>
void setGuard(Place& place, const isc::dhcp::ClientClass& guard, long) {
    place.allowClientClass(guard);
}

template <typename Context>
auto expressionIn(const Context& context, int) -> decltype(context.expression_) {
    return context.expression_;
}

template <typename Context>
auto expressionIn(const Context& context, long) -> decltype(context.expression) {
    return context.expression;
}

template <typename Info>
auto parametersOf(const Info& library, int) -> decltype(library.parameters_) {
    return library.parameters_;
}

template <typename Info>
auto parametersOf(const Info& library, long) -> decltype(library.second) {
    return library.second;
}

} // namespace detail

/// @brief The client classes that a subnet, a shared network or a pool is closed to all but the members of
/// (Kea manual, "Configuring Subnets With Class Information"). Those of a subnet's shared network are not
/// among its own.
///
/// @return their names, none when the place is open to all.
template <typename Place>
std::set<isc::dhcp::ClientClass> guardsOf(const Place& place) {
    return detail::guardsOf(place, 0);
}

/// @brief Closes a subnet or a pool to all but the members of one client class, in the place of those that it
/// had.
///
/// @param place the subnet or the pool; no query may be processed meanwhile if the server works by it
/// @param guard the class, empty for opening the place to all
template <typename Place>
void setGuard(Place& place, const isc::dhcp::ClientClass& guard) {
    detail::setGuard(place, guard, 0);
}

/// @brief What an isc::eval::EvalContext has parsed (a member of another name up to Kea 2.6).
template <typename Context>
auto expressionIn(const Context& context) {
    return detail::expressionIn(context, 0);
}

/// @brief The parameters of a hook library that a configuration lists (a pair up to Kea 2.6).
inline isc::data::ConstElementPtr parametersOf(const isc::hooks::HookLibInfo& library) {
    return detail::parametersOf(library, 0);
}

/// @brief An object that does its work by an IO service, which it takes as a pointer since Kea 2.5.
template <typename Worker>
Worker madeWith(const isc::asiolink::IOServicePtr& service) {
    if constexpr (std::is_constructible_v<Worker, const isc::asiolink::IOServicePtr&>) {
        return Worker(service);
    } else {
        return Worker(*service);
    }
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
