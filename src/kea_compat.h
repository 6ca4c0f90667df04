// SPDX-License-Identifier: MPL-2.0
// Hides the differences between Kea's releases, by feature; no other file checks the release.

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
#if __has_include(<util/filesystem.h>)
#include <util/filesystem.h>
#endif

#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <type_traits>
#include <utility>

namespace isc::util::file {
class PathChecker; // not in Kea up to 2.6.2
}

namespace user_chk::kea {

/// @brief The type of the server's argument `subnet4` (a pointer to const since Kea 2.7).
///
/// Arguments are passed in boost::any, which returns only the exact type that was stored.
using Subnet4ArgPtr = decltype(std::declval<const isc::dhcp::CfgSubnets4&>().selectSubnet(
    std::declval<const isc::dhcp::SubnetSelector&>()));

/// @brief The type of the server's argument `subnet6`.
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

/// @brief Returns the value of a callout context, or a default-constructed T when none was set (a member
/// since Kea 2.3).
template <typename T>
T optionalContext(const isc::hooks::CalloutHandle& handle, const std::string& name) {
    return detail::optionalContext<T>(handle, name, 0);
}

namespace detail {

// Since Kea 2.7 a subnet, a shared network or a pool has a list of guard classes.
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

// Since Kea 3.0 the command line may lift the restrictions.
template <typename Checker>
auto restrictsFiles(int) -> decltype(Checker::shouldEnforceSecurity()) {
    return Checker::shouldEnforceSecurity();
}

template <typename Checker>
bool restrictsFiles(long) {
    return true;
}

template <typename LogParser>
auto logFolder(int) -> std::optional<decltype(LogParser::getLogPath())> {
    if (!restrictsFiles<isc::util::file::PathChecker>(0)) {
        return std::nullopt;
    }
    return LogParser::getLogPath();
}

template <typename LogParser>
std::optional<std::string> logFolder(long) {
    return std::nullopt;
}

} // namespace detail

/// @brief Returns the client classes that guard a subnet, a shared network or a pool: it is closed to
/// everyone but their members (Kea manual, "Configuring Subnets With Class Information"). The guards of a
/// subnet do not include those of its shared network.
///
/// @return the names of the classes, none when it is open to all.
template <typename Place>
std::set<isc::dhcp::ClientClass> guardsOf(const Place& place) {
    return detail::guardsOf(place, 0);
}

/// @brief Replaces the guards of a subnet or a pool by a single class.
///
/// @param place the subnet or the pool; the server must not process a query meanwhile if it uses this
/// configuration
/// @param guard the class; empty to open the place to all
template <typename Place>
void setGuard(Place& place, const isc::dhcp::ClientClass& guard) {
    detail::setGuard(place, guard, 0);
}

/// @brief Returns the expression that an isc::eval::EvalContext parsed (the member had another name up to Kea
/// 2.6).
template <typename Context>
auto expressionIn(const Context& context) {
    return detail::expressionIn(context, 0);
}

/// @brief Returns the directory in which the server creates the log files that its configuration names (since
/// Kea 2.6.3).
///
/// @tparam LogParser isc::process::LogConfigParser, whose header few files need
/// @return nothing when they may be anywhere, and the server's other files too.
template <typename LogParser>
std::optional<std::string> logFolder() {
    return detail::logFolder<LogParser>(0);
}

/// @brief Returns the parameters of a hook library in the configuration (a pair up to Kea 2.6).
inline isc::data::ConstElementPtr parametersOf(const isc::hooks::HookLibInfo& library) {
    return detail::parametersOf(library, 0);
}

/// @brief Creates an object that uses an IO service. Since Kea 2.5 it takes the service as a pointer.
template <typename Worker>
Worker madeWith(const isc::asiolink::IOServicePtr& service) {
    if constexpr (std::is_constructible_v<Worker, const isc::asiolink::IOServicePtr&>) {
        return Worker(service);
    } else {
        return Worker(*service);
    }
}

/// @brief The result of a command that would create something that already exists: 4, Kea's result code for a
/// conflict since Kea 2.3, and an error before that.
inline constexpr int RESULT_CONFLICT = KEA_HOOKS_VERSION >= 20300 ? 4 : isc::config::CONTROL_RESULT_ERROR;

/// @brief Whether the server selects a subnet for a DHCPv4 query that was broadcast on its own link before it
/// calls pkt4_receive, and drops the query if no subnet is open to it (up to 3.0.3).
inline constexpr bool SELECTS_BEFORE_RECEIVE = KEA_HOOKS_VERSION < 30004;

/// @brief A JSON string that is written in its own form. Kea would escape each byte beyond ASCII as if it
/// were a character.
class WrittenString : public isc::data::StringElement {
public:
    /// @brief Creates an element.
    ///
    /// @param value the string
    /// @param json its JSON form, including the quotes
    WrittenString(const std::string& value, std::string json)
        : StringElement(value), json_(std::move(json)) {}

    /// @brief Writes the string. Which of the two functions overrides Kea's depends on the release: the
    /// second one since Kea 2.7.
    void toJSON(std::ostream& out) const { out << json_; } // NOLINT(modernize-use-override)

    /// @brief Writes the string, at a nesting level.
    void toJSON(std::ostream& out, unsigned) const { out << json_; } // NOLINT(modernize-use-override)

private:
    const std::string json_;
};

} // namespace user_chk::kea

#endif // USER_CHK_KEA_COMPAT_H
