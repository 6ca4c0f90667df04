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

const SimpleKeywords KEYWORDS = {{"registry-file", Element::string}, {"outcome-file", Element::string}};

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

} // namespace

Parameters Parameters::parse(const ConstElementPtr& parameters) {
    Parameters parsed;
    if (!parameters) {
        return parsed;
    }
    SimpleParser::checkKeywords(KEYWORDS, parameters);
    parsePath(parameters, "registry-file", parsed.registry_file);
    parsePath(parameters, "outcome-file", parsed.outcome_file);
    return parsed;
}

} // namespace user_chk
