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
            isc_throw(isc::BadValue, "invalid client-classes: '" << name << "', is set by the library alone");
        }
    }
    return classes;
}

std::chrono::system_clock::time_point parseExpires(const std::string& text) {
    try {
        return parseRfc3339(text);
    } catch (const isc::BadValue& ex) {
        isc_throw(isc::BadValue, "invalid expires: " << ex.what());
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
    const auto expires = attributes.find("expires");
    if (expires != attributes.end()) {
        rules.expires = parseExpires(expires->second);
    }
    const auto classes = attributes.find("client-classes");
    if (classes != attributes.end()) {
        rules.client_classes = parseClasses(classes->second);
    }
    return rules;
}

} // namespace user_chk
