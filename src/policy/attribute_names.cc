// SPDX-License-Identifier: MPL-2.0
// Implements the remarks on the names of attributes.

#include <policy/attribute_names.h>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace user_chk {

namespace {

// The part of an option attribute's name before the first dot.
constexpr std::string_view OPTION = "option";

constexpr std::array<std::string_view, 10> NAMES = {"access",      "bootfile",   "client-classes",  "expires",
                                                    "next-server", "other-ids",  "shared-networks", "starts",
                                                    "subnets",     "tftp_server"};

// The longest meaningful name, plus two letters.
constexpr size_t LONGEST = 17;

// Counts the letters that are omitted, inserted, changed or swapped with a neighbor (F. J. Damerau, 1964).
size_t distance(std::string_view a, std::string_view b) {
    std::array<std::array<size_t, LONGEST + 1>, LONGEST + 1> least{};
    for (size_t i = 0; i <= a.size(); ++i) {
        for (size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                least.at(i).at(j) = i + j;
                continue;
            }
            const size_t changed = least[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            least[i][j] = std::min({least[i - 1][j] + 1, least[i][j - 1] + 1, changed});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                least[i][j] = std::min(least[i][j], least[i - 2][j - 2] + 1);
            }
        }
    }
    return least.at(a.size()).at(b.size());
}

// Short words are close to many others: "success" is two letters from "access".
bool isNear(std::string_view name, std::string_view known) {
    const size_t most = known.size() <= 6 ? 1 : 2;
    return name.size() <= known.size() + most && distance(name, known) <= most;
}

// Returns the meaningful name that was probably intended, none when no name is close.
std::optional<std::string> nearestTo(const std::string& name) {
    const std::string lower = boost::algorithm::to_lower_copy(name);
    const size_t dot = lower.find('.');
    if (dot != std::string::npos) {
        const bool near = isNear(std::string_view(lower).substr(0, dot), OPTION);
        return near ? std::make_optional(std::string(OPTION) + name.substr(dot)) : std::nullopt;
    }
    for (const std::string_view known : NAMES) {
        if (isNear(lower, known)) {
            return std::string(known);
        }
    }
    return std::nullopt;
}

// Caches the result: even a registry of a million users has few different names.
const std::optional<std::string>& meantBy(const std::string& name) {
    constexpr size_t MOST = 100;
    thread_local std::unordered_map<std::string, std::optional<std::string>> found;
    if (found.size() >= MOST) {
        found.clear();
    }
    const auto [remembered, is_new] = found.try_emplace(name);
    if (is_new) {
        remembered->second = nearestTo(name);
    }
    return remembered->second;
}

} // namespace

bool hasMeaning(const std::string& name) {
    return boost::starts_with(name, "option.") || std::find(NAMES.begin(), NAMES.end(), name) != NAMES.end();
}

void remarkOnNames(const PropertyMap& attributes, std::vector<std::string>& remarks) {
    for (const auto& attribute : attributes) {
        const std::string& name = attribute.first;
        if (hasMeaning(name)) {
            continue;
        }
        if (const auto& meant = meantBy(name)) {
            remarks.push_back("the attribute " + name + " does nothing; did you mean " + *meant + "?");
        }
    }
}

} // namespace user_chk
