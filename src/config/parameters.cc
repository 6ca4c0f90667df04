// SPDX-License-Identifier: MPL-2.0
// Implements the parsing of the library's parameters.

#include <config/parameters.h>

#include <cc/dhcp_config_error.h>
#include <cc/simple_parser.h>

#include <initializer_list>
#include <utility>

namespace user_chk {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::SimpleKeywords;
using isc::data::SimpleParser;

namespace {

const SimpleKeywords KEYWORDS = {{"registry-file", Element::string},  {"registry-refresh", Element::string},
                                 {"outcome-file", Element::string},   {"outcome-format", Element::string},
                                 {"outcome-events", Element::string}, {"outcome-failure", Element::string}};

void parsePath(const ConstElementPtr& parameters, const std::string& name, std::string& path) {
    const ConstElementPtr value = parameters->get(name);
    if (!value) {
        return;
    }
    path = value->stringValue();
    if (path.find_first_not_of(" \t") == std::string::npos) {
        isc_throw(isc::dhcp::DhcpConfigError,
                  "invalid " << name << ": '" << path << "', must be the path of a file");
    }
}

// Sets the value of the choice that the parameter names.
template <typename Value>
void parseChoice(const ConstElementPtr& parameters, const std::string& name,
                 std::initializer_list<std::pair<const char*, Value>> choices, Value& value) {
    const ConstElementPtr given = parameters->get(name);
    if (!given) {
        return;
    }
    std::string names;
    for (const auto& [choice, meaning] : choices) {
        if (given->stringValue() == choice) {
            value = meaning;
            return;
        }
        names.append(names.empty() ? "" : ", ").append(choice);
    }
    isc_throw(isc::dhcp::DhcpConfigError,
              "invalid " << name << ": '" << given->stringValue() << "', must be one of " << names);
}

} // namespace

Parameters Parameters::parse(const ConstElementPtr& parameters) {
    Parameters parsed;
    if (!parameters) {
        return parsed;
    }
    SimpleParser::checkKeywords(KEYWORDS, parameters);
    parsePath(parameters, "registry-file", parsed.registry_file);
    parseChoice(parameters, "registry-refresh",
                {{"packet", Refresh::PACKET}, {"background", Refresh::BACKGROUND}}, parsed.registry_refresh);
    parsePath(parameters, "outcome-file", parsed.outcome_file);
    parseChoice(parameters, "outcome-format", {{"text", Format::TEXT}, {"json", Format::JSON}},
                parsed.outcome_format);
    parseChoice(parameters, "outcome-events",
                {{"all", Events::ALL}, {"leases", Events::LEASES}, {"none", Events::NONE}},
                parsed.outcome_events);
    parseChoice(parameters, "outcome-failure", {{"continue", Failure::CONTINUE}, {"drop", Failure::DROP}},
                parsed.outcome_failure);
    return parsed;
}

} // namespace user_chk
