// SPDX-License-Identifier: MPL-2.0
// The callouts dhcp4_srv_configured and dhcp6_srv_configured: they check what subnets and shared networks
// say, and guard them.

#include <config/places.h>
#include <exchange/protocol.h>
#include <hooks/callout.h>
#include <hooks/guarding.h>
#include <hooks/server_config.h>

#include <cc/data.h>

#include <algorithm>
#include <utility>

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::dhcp::SrvConfig;
using isc::dhcp::SrvConfigPtr;
using isc::hooks::CalloutHandle;

namespace user_chk {
namespace {

// True when a configuration has this text in one of its strings.
bool mentions(const ConstElementPtr& config, const std::string& text) {
    switch (config->getType()) {
    case Element::string:
        return config->stringValue().find(text) != std::string::npos;
    case Element::list:
        return std::any_of(config->listValue().begin(), config->listValue().end(),
                           [&](const auto& element) { return mentions(element, text); });
    case Element::map:
        return std::any_of(config->mapValue().begin(), config->mapValue().end(),
                           [&](const auto& member) { return mentions(member.second, text); });
    default:
        return false;
    }
}

// True when a class that queries are given could make a difference: the configuration names it, or what is
// not in the configuration may: other libraries, a configuration backend.
bool mayMatter(const ConstElementPtr& json, const SrvConfig& config, const Parameters& parameters) {
    return config.getHooksConfig().get().size() > 1 || config.getConfigControlInfo() ||
           mentions(json, parameters.registered_class) || mentions(json, parameters.unregistered_class);
}

// The server goes on with its last configuration, but with this library as the refused one has it. So that
// what was refused is not in force in part, the library is closed: queries are dropped until there is a good
// one.
template <typename Protocol>
int configured(CalloutHandle& handle) {
    try {
        const auto config = argument<SrvConfigPtr>(handle, "server_config");
        UserChk& user_chk = requireUserChk();
        checkServerConfig<Protocol>(*config, user_chk.parameters());
        Site::Findings findings;
        findings.classes_matter =
            mayMatter(argument<ConstElementPtr>(handle, "json_config"), *config, user_chk.parameters());
        user_chk.site().take(std::move(findings));
        guardConfiguration<Protocol>(user_chk, *config, true);
        user_chk.readBy(readingContext(*config, Protocol::UNIVERSE, user_chk.parameters()));
        return 0;
    } catch (const std::exception& ex) {
        LOG_ERROR(user_chk_logger, USER_CHK_CONFIGURATION_REFUSED).arg(ex.what());
        const std::string error = std::string("user_chk: ") + ex.what();
        handle.setArgument("error", error);
        handle.setStatus(CalloutHandle::NEXT_STEP_DROP);
        userChk().reset();
        return 1;
    }
}

} // namespace
} // namespace user_chk

extern "C" {

int dhcp4_srv_configured(CalloutHandle& handle) {
    return user_chk::configured<user_chk::Dhcp4>(handle);
}

int dhcp6_srv_configured(CalloutHandle& handle) {
    return user_chk::configured<user_chk::Dhcp6>(handle);
}

} // extern "C"
