// SPDX-License-Identifier: MPL-2.0
// Implements the check of where the server may write files.

#include <hooks/file_places.h>

#include <algorithm>
#include <filesystem>

namespace user_chk {

namespace {

namespace fs = std::filesystem;

// Looks at the names only, like Kea. The directories belong to the server, and what is in them does too.
bool isBelow(const std::string& file, const std::string& folder) {
    const fs::path path = fs::path(file).lexically_normal(); // of a directory: with an empty name at its end
    const fs::path top = (fs::path(folder) / "").lexically_normal().parent_path();
    const auto [of_top, of_path] = std::mismatch(top.begin(), top.end(), path.begin(), path.end());
    return of_top == top.end() && of_path != path.end() && path.has_filename();
}

void checkPlace(const char* name, const std::string& file, const std::vector<std::string>& folders) {
    const bool found = std::any_of(folders.begin(), folders.end(),
                                   [&](const std::string& folder) { return isBelow(file, folder); });
    if (found) {
        return;
    }
    std::string allowed;
    for (const std::string& folder : folders) {
        allowed += (allowed.empty() ? "" : " or ") + folder;
    }
    isc_throw(isc::dhcp::DhcpConfigError, "invalid "
                                              << name << ": '" << file << "', must be in or below " << allowed
                                              << ", where Kea lets a configuration have files written");
}

} // namespace

void checkPlaces(const Parameters& parameters, const std::vector<std::string>& folders) {
    if (folders.empty()) {
        return;
    }
    if (parameters.outcome_events != Parameters::Events::NONE &&
        parameters.outcome_file != Parameters().outcome_file) {
        checkPlace("outcome-file", parameters.outcome_file, folders);
    }
    if (!parameters.registry_copy.empty()) {
        checkPlace("registry-copy", parameters.registry_copy, folders);
    }
}

} // namespace user_chk
