// SPDX-License-Identifier: MPL-2.0
// Implements the parsing of the library's parameters.

#include <config/parameters.h>

#include <cc/dhcp_config_error.h>
#include <cc/simple_parser.h>

namespace user_chk {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::SimpleKeywords;
using isc::data::SimpleParser;

namespace {

const SimpleKeywords KEYWORDS = {{"registry-file", Element::string},
                                 {"registry-refresh", Element::string},
                                 {"outcome-file", Element::string}};

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

void parseRefresh(const ConstElementPtr& parameters, Parameters::Refresh& refresh) {
    const ConstElementPtr value = parameters->get("registry-refresh");
    if (!value) {
        return;
    }
    const std::string text = value->stringValue();
    if (text == "packet") {
        refresh = Parameters::Refresh::PACKET;
    } else if (text == "background") {
        refresh = Parameters::Refresh::BACKGROUND;
    } else {
        isc_throw(isc::dhcp::DhcpConfigError,
                  "invalid registry-refresh: '" << text << "', must be one of packet, background");
    }
}

} // namespace

Parameters Parameters::parse(const ConstElementPtr& parameters) {
    Parameters parsed;
    if (!parameters) {
        return parsed;
    }
    SimpleParser::checkKeywords(KEYWORDS, parameters);
    parsePath(parameters, "registry-file", parsed.registry_file);
    parseRefresh(parameters, parsed.registry_refresh);
    parsePath(parameters, "outcome-file", parsed.outcome_file);
    return parsed;
}

} // namespace user_chk
