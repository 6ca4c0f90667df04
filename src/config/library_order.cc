// SPDX-License-Identifier: MPL-2.0
// Implements the checks of the order of hook libraries.

#include <config/library_order.h>

#include <cc/dhcp_config_error.h>

#include <algorithm>

namespace user_chk {

using isc::data::ConstElementPtr;
using isc::data::Element;

namespace {

constexpr const char* OURS = "libdhcp_user_chk.so";
constexpr const char* THE_ORDER = "the order is lease_cmds, ha, user_chk, then all others";

std::string fileOf(const ListedLibrary& library) {
    return library.path.substr(library.path.rfind('/') + 1);
}

ConstElementPtr parameterOf(const ListedLibrary& library, const std::string& name) {
    const bool has_some = library.parameters && library.parameters->getType() == Element::map;
    return has_some ? library.parameters->get(name) : ConstElementPtr();
}

bool isOurs(const ListedLibrary& library) {
    return fileOf(library) == OURS;
}

// Rejects a library that must not come before this one.
void checkEarlier(const ListedLibrary& library) {
    const std::string file = fileOf(library);
    const char* why = nullptr;
    if (file == "libdhcp_bootp.so") {
        why = "it packs responses to BOOTP clients, which can then neither be recorded nor changed";
    } else if (file == "libdhcp_radius.so") {
        why = "it resumes queries in the subnet that it selected, regardless of where their clients belong";
    }
    if (why != nullptr) {
        isc_throw(isc::dhcp::DhcpConfigError, "hooks-libraries: " << file << " must not be listed before "
                                                                  << OURS << ": " << why << "; "
                                                                  << THE_ORDER);
    }
}

// Returns what works less well for a library that comes before this one; empty for nothing.
std::string remarkOnEarlier(const ListedLibrary& library, bool is_v4, const Parameters& parameters) {
    const std::string file = fileOf(library);
    if (file == "libdhcp_limits.so") {
        return "its limits take neither the client classes nor the restricted subnet into account";
    }
    if (file == "libdhcp_flex_id.so" && !is_v4 && parameters.identifiers.has(UserId::DUID, UserId::DUID)) {
        const ConstElementPtr replaces = parameterOf(library, "replace-client-id");
        if (replaces && replaces->getType() == Element::boolean && replaces->boolValue()) {
            return "with replace-client-id it changes the DUID by which clients are looked up";
        }
    }
    if (file == "libdhcp_legal_log.so" && parameters.outcome_failure == Parameters::Failure::DROP) {
        return "it logs leases whose responses are not sent because they cannot be recorded";
    }
    return std::string();
}

// Returns what works less well for a library that comes after this one; empty for nothing.
std::string remarkOnLater(const ListedLibrary& library) {
    if (fileOf(library) == "libdhcp_ha.so") {
        const ConstElementPtr relationships = parameterOf(library, "high-availability");
        if (relationships && relationships->getType() == Element::list && relationships->size() > 1) {
            return "it uses the relationship of the restricted subnet for clients that are placed there";
        }
    }
    return std::string();
}

} // namespace

void checkLibraryOrder(const std::vector<ListedLibrary>& libraries) {
    const auto ours = std::find_if(libraries.begin(), libraries.end(), isOurs);
    if (ours == libraries.end()) {
        return;
    }
    if (std::any_of(ours + 1, libraries.end(), isOurs)) {
        isc_throw(isc::dhcp::DhcpConfigError, "hooks-libraries: " << OURS << " is listed twice");
    }
    std::for_each(libraries.begin(), ours, checkEarlier);
}

std::vector<std::string> remarksOnLibraryOrder(const std::vector<ListedLibrary>& libraries, bool is_v4,
                                               const Parameters& parameters) {
    const auto ours = std::find_if(libraries.begin(), libraries.end(), isOurs);
    std::vector<std::string> remarks;
    if (ours == libraries.end()) {
        return remarks;
    }
    const auto add = [&](const ListedLibrary& library, const char* where, const std::string& remark) {
        if (!remark.empty()) {
            remarks.push_back(fileOf(library) + " is listed " + where + " " + OURS + ": " + remark + "; " +
                              THE_ORDER);
        }
    };
    for (auto library = libraries.begin(); library != ours; ++library) {
        add(*library, "before", remarkOnEarlier(*library, is_v4, parameters));
    }
    for (auto library = ours + 1; library != libraries.end(); ++library) {
        add(*library, "after", remarkOnLater(*library));
    }
    return remarks;
}

} // namespace user_chk
