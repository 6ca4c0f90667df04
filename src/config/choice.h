// SPDX-License-Identifier: MPL-2.0
// Parses settings whose value is one of several words.

#ifndef USER_CHK_CONFIG_CHOICE_H
#define USER_CHK_CONFIG_CHOICE_H

#include <cc/data.h>
#include <cc/dhcp_config_error.h>
#include <exceptions/exceptions.h>

#include <initializer_list>
#include <string>
#include <utility>

namespace user_chk {

/// @brief Returns the value that a word stands for.
///
/// @param name the name of the setting, for the error message
/// @param given the word
/// @param choices the words and their values
/// @throw isc::BadValue naming the setting, the word and the choices.
template <typename Value>
Value choose(const std::string& name, const std::string& given,
             std::initializer_list<std::pair<const char*, Value>> choices) {
    std::string names;
    for (const auto& [choice, meaning] : choices) {
        if (given == choice) {
            return meaning;
        }
        names.append(names.empty() ? "" : ", ").append(choice);
    }
    isc_throw(isc::BadValue, "invalid " << name << ": '" << given << "', must be one of " << names);
}

/// @brief Assigns the value of a setting, if the map has it.
///
/// @param settings a map; the setting was checked to be a string
/// @throw isc::dhcp::DhcpConfigError naming the setting, the word and the choices.
template <typename Value>
void parseChoice(const isc::data::ConstElementPtr& settings, const std::string& name,
                 std::initializer_list<std::pair<const char*, Value>> choices, Value& value) {
    const isc::data::ConstElementPtr given = settings->get(name);
    if (!given) {
        return;
    }
    try {
        value = choose(name, given->stringValue(), choices);
    } catch (const isc::BadValue& ex) {
        isc_throw(isc::dhcp::DhcpConfigError, ex.what());
    }
}

} // namespace user_chk

#endif // USER_CHK_CONFIG_CHOICE_H
