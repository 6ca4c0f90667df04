// SPDX-License-Identifier: MPL-2.0
// Implements the parsing of UserRules.

#include <policy/user_rules.h>

#include <config/choice.h>
#include <policy/guards.h>
#include <system/utc_time.h>

#include <boost/algorithm/string.hpp>

#include <string>

namespace user_chk {

using isc::dhcp::ClientClass;

namespace {

std::vector<ClientClass> parseClasses(const std::string& text) {
    std::vector<ClientClass> classes;
    boost::split(classes, text, boost::is_any_of(","));
    for (ClientClass& name : classes) {
        boost::trim(name);
        if (name.empty()) {
            isc_throw(isc::BadValue, "invalid client-classes: '"
                                         << text << "', must be names of classes, separated by commas");
        }
        if (isOurGuard(name)) {
            isc_throw(isc::BadValue,
                      "invalid client-classes: '" << name << "', only the library itself sets it");
        }
    }
    return classes;
}

// Returns the time in an attribute, none when there is no such attribute.
std::optional<std::chrono::system_clock::time_point> timeIn(const PropertyMap& attributes,
                                                            const std::string& name) {
    const auto found = attributes.find(name);
    if (found == attributes.end()) {
        return std::nullopt;
    }
    try {
        return parseRfc3339(found->second);
    } catch (const isc::BadValue& ex) {
        isc_throw(isc::BadValue, "invalid " << name << ": " << ex.what());
    }
}

// Programs may write any time before 1970 for "unset"; all those times are the same.
void checkOrder(const UserRules& rules, const PropertyMap& attributes) {
    if (rules.starts && rules.expires && *rules.starts > *rules.expires) {
        isc_throw(isc::BadValue, "invalid starts: '" << attributes.at("starts")
                                                     << "', must not be after expires, '"
                                                     << attributes.at("expires") << "'");
    }
}

} // namespace

UserRules UserRules::parse(const PropertyMap& attributes) {
    UserRules rules;
    const auto access = attributes.find("access");
    if (access != attributes.end()) {
        rules.access = choose<Access>(
            "access", access->second,
            {{"allow", Access::ALLOW}, {"restrict", Access::RESTRICT}, {"deny", Access::DENY}});
    }
    rules.starts = timeIn(attributes, "starts");
    rules.expires = timeIn(attributes, "expires");
    checkOrder(rules, attributes);
    rules.scope = Scope::parse(attributes);
    const auto classes = attributes.find("client-classes");
    if (classes != attributes.end()) {
        rules.client_classes = parseClasses(classes->second);
    }
    return rules;
}

} // namespace user_chk
