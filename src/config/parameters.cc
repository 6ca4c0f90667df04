// SPDX-License-Identifier: MPL-2.0
// Implements the parsing of the library's parameters.

#include <config/parameters.h>

#include <config/choice.h>

#include <cc/simple_parser.h>

#include <algorithm>
#include <filesystem>

namespace user_chk {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::data::SimpleDefaults;
using isc::data::SimpleKeywords;
using isc::data::SimpleParser;
using isc::dhcp::DhcpConfigError;

namespace {

void parsePath(const ConstElementPtr& parameters, const std::string& name, std::string& path) {
    const ConstElementPtr value = parameters->get(name);
    if (!value) {
        return;
    }
    path = value->stringValue();
    if (path.find_first_not_of(" \t") == std::string::npos) {
        isc_throw(DhcpConfigError, "invalid " << name << ": '" << path << "', must be the path of a file");
    }
}

void parseClass(const ConstElementPtr& parameters, const std::string& name, std::string& client_class) {
    const ConstElementPtr value = parameters->get(name);
    if (!value) {
        return;
    }
    client_class = value->stringValue();
    if (client_class.find_first_not_of(" \t") == std::string::npos) {
        isc_throw(DhcpConfigError,
                  "invalid " << name << ": '" << client_class << "', must be the name of a client class");
    }
}

void parseStrangersKept(const ConstElementPtr& parameters, size_t& kept) {
    constexpr int64_t MOST = 100000;
    const ConstElementPtr value = parameters->get("strangers-kept");
    if (!value) {
        return;
    }
    const int64_t number = value->intValue();
    if (number < 0 || number > MOST) {
        isc_throw(DhcpConfigError, "invalid strangers-kept: " << number << ", must be 0 to " << MOST);
    }
    kept = static_cast<size_t>(number);
}

// A thread follows the database, and bad rows are skipped.
void parseDatabase(const ConstElementPtr& parameters, Parameters& parsed) {
    const ConstElementPtr database = parameters->get("registry-database");
    if (!database) {
        return;
    }
    if (parameters->contains("registry-file")) {
        isc_throw(DhcpConfigError, "only one of registry-file and registry-database may be given");
    }
    parsed.registry_database = DatabaseSettings::parse(database);
    if (parameters->contains("registry-refresh") &&
        parsed.registry_refresh != Parameters::Refresh::BACKGROUND) {
        isc_throw(DhcpConfigError,
                  "invalid registry-refresh: 'packet', must be background with registry-database");
    }
    if (parameters->contains("registry-errors") && !parsed.skipsErrors()) {
        isc_throw(DhcpConfigError, "invalid registry-errors: 'refuse', must be skip with registry-database");
    }
    parsed.registry_refresh = Parameters::Refresh::BACKGROUND;
    parsed.registry_errors = Parameters::Errors::SKIP;
}

// Looks at the names only, like Kea. The directories belong to the server, and what is in them does too.
bool isBelow(const std::string& file, const std::string& folder) {
    namespace fs = std::filesystem;
    const fs::path path = fs::path(file).lexically_normal(); // of a directory: with an empty name at its end
    const fs::path top = (fs::path(folder) / "").lexically_normal().parent_path();
    const auto [of_top, of_path] = std::mismatch(top.begin(), top.end(), path.begin(), path.end());
    return !top.empty() && of_top == top.end() && of_path != path.end() && path.has_filename();
}

void checkFile(const char* name, const std::string& file, const std::set<std::string>& folders) {
    if (std::any_of(folders.begin(), folders.end(),
                    [&](const std::string& folder) { return isBelow(file, folder); })) {
        return;
    }
    std::string allowed;
    for (const std::string& folder : folders) {
        allowed += (allowed.empty() ? "" : " or ") + folder;
    }
    isc_throw(DhcpConfigError, "invalid " << name << ": '" << file << "', must be in or below " << allowed
                                          << ", where Kea lets a configuration have files written");
}

SimpleKeywords keywords() {
    SimpleKeywords all = {{"registry-file", Element::string},      {"registry-refresh", Element::string},
                          {"registry-database", Element::map},     {"registry-errors", Element::string},
                          {"registry-copy", Element::string},      {"outcome-file", Element::string},
                          {"outcome-format", Element::string},     {"outcome-events", Element::string},
                          {"outcome-failure", Element::string},    {"registered-class", Element::string},
                          {"unregistered-class", Element::string}, {"strangers-kept", Element::integer}};
    all.insert(PlacementOverrides::keywords().begin(), PlacementOverrides::keywords().end());
    all.insert(IdentifierSettings::keywords().begin(), IdentifierSettings::keywords().end());
    return all;
}

} // namespace

Parameters Parameters::parse(const ConstElementPtr& parameters) {
    Parameters parsed;
    if (!parameters) {
        return parsed;
    }
    SimpleParser::checkKeywords(keywords(), parameters);
    parsePath(parameters, "registry-file", parsed.registry_file);
    parseChoice(parameters, "registry-refresh",
                {{"packet", Refresh::PACKET}, {"background", Refresh::BACKGROUND}}, parsed.registry_refresh);
    parsePath(parameters, "registry-copy", parsed.registry_copy);
    parseChoice(parameters, "registry-errors", {{"refuse", Errors::REFUSE}, {"skip", Errors::SKIP}},
                parsed.registry_errors);
    parseDatabase(parameters, parsed);
    parsePath(parameters, "outcome-file", parsed.outcome_file);
    parseChoice(parameters, "outcome-format", {{"text", Format::TEXT}, {"json", Format::JSON}},
                parsed.outcome_format);
    parseChoice(parameters, "outcome-events",
                {{"all", Events::ALL},
                 {"leases", Events::LEASES},
                 {"lifecycle", Events::LIFECYCLE},
                 {"none", Events::NONE}},
                parsed.outcome_events);
    if (parsed.outcome_events == Events::LIFECYCLE && parsed.outcome_format != Format::JSON) {
        isc_throw(DhcpConfigError, "invalid outcome-events: 'lifecycle', requires outcome-format json");
    }
    parseChoice(parameters, "outcome-failure", {{"continue", Failure::CONTINUE}, {"drop", Failure::DROP}},
                parsed.outcome_failure);
    parseStrangersKept(parameters, parsed.strangers_kept);
    parsed.placement = parsed.placement.with(PlacementOverrides::parse(parameters));
    parseClass(parameters, "registered-class", parsed.registered_class);
    parseClass(parameters, "unregistered-class", parsed.unregistered_class);
    if (parsed.registered_class == parsed.unregistered_class) {
        isc_throw(DhcpConfigError, "invalid unregistered-class: '" << parsed.unregistered_class
                                                                   << "', must differ from registered-class");
    }
    parsed.in_force = inForce(parameters);
    return parsed;
}

void Parameters::checkFiles(const std::set<std::string>& folders) const {
    if (outcome_events != Events::NONE && outcome_file != Parameters().outcome_file) {
        checkFile("outcome-file", outcome_file, folders);
    }
    if (!registry_copy.empty()) {
        checkFile("registry-copy", registry_copy, folders);
    }
}

ConstElementPtr Parameters::inForce(const ConstElementPtr& given) {
    static const SimpleDefaults DEFAULTS = {{"registry-file", Element::string, "/tmp/user_chk_registry.txt"},
                                            {"registry-refresh", Element::string, "packet"},
                                            {"registry-errors", Element::string, "refuse"},
                                            {"outcome-file", Element::string, "/tmp/user_chk_outcome.txt"},
                                            {"outcome-format", Element::string, "text"},
                                            {"outcome-events", Element::string, "all"},
                                            {"outcome-failure", Element::string, "continue"},
                                            {"strangers-kept", Element::integer, "1000"},
                                            {"unregistered-clients", Element::string, "restrict"},
                                            {"nak-moved-clients", Element::boolean, "false"},
                                            {"registered-class", Element::string, "USER_CHK_REGISTERED"},
                                            {"unregistered-class", Element::string, "USER_CHK_UNREGISTERED"}};
    const ElementPtr all = given ? isc::data::copy(given, 1) : Element::createMap();
    const ConstElementPtr database = all->get("registry-database");
    if (database) {
        all->set("registry-database", DatabaseSettings::inForce(database));
        all->set("registry-refresh", Element::create(std::string("background")));
        all->set("registry-errors", Element::create(std::string("skip")));
    }
    SimpleParser::setDefaults(all, DEFAULTS);
    if (database) {
        all->remove("registry-file");
    }
    return all;
}

} // namespace user_chk
