// SPDX-License-Identifier: MPL-2.0
// Implements the parsing of DatabaseSettings.

#include <config/database_settings.h>

#include <config/choice.h>

#include <algorithm>
#include <array>

namespace user_chk {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::data::SimpleDefaults;
using isc::data::SimpleKeywords;
using isc::data::SimpleParser;
using isc::dhcp::DhcpConfigError;

namespace {

const std::string REGISTRY = "registry-database: ";

constexpr int64_t MOST_SECONDS = 3600;
constexpr int64_t LEAST_FETCH_WAIT = 100;
constexpr int64_t MOST_MILLISECONDS = 60000;
constexpr int64_t LAST_PORT = 65535;

void takeText(const ConstElementPtr& settings, const std::string& name, std::string& value) {
    if (const ConstElementPtr given = settings->get(name)) {
        value = given->stringValue();
    }
}

void takePath(const ConstElementPtr& settings, const std::string& name, std::string& value) {
    if (settings->contains(name)) {
        takeText(settings, name, value);
        if (value.find_first_not_of(" \t") == std::string::npos) {
            isc_throw(DhcpConfigError,
                      REGISTRY << "invalid " << name << ": '" << value << "', must be the path of a file");
        }
    }
}

void takeFlag(const ConstElementPtr& settings, const std::string& name, bool& value) {
    if (const ConstElementPtr given = settings->get(name)) {
        value = given->boolValue();
    }
}

// A whole number within the given bounds, inclusive.
template <typename Value>
void takeNumber(const ConstElementPtr& settings, const std::string& name, int64_t least, int64_t most,
                Value& value) {
    const ConstElementPtr given = settings->get(name);
    if (!given) {
        return;
    }
    if (given->intValue() < least || given->intValue() > most) {
        isc_throw(DhcpConfigError, REGISTRY << "invalid " << name << ": " << given->intValue() << ", must be "
                                            << least << " to " << most);
    }
    value = Value(given->intValue());
}

// Kea gives up on a database after a number of attempts, and then serves nobody. This library does neither.
void refuseGivingUp(const ConstElementPtr& settings) {
    for (const char* name : {"max-reconnect-tries", "on-fail"}) {
        if (settings->contains(name)) {
            isc_throw(DhcpConfigError, REGISTRY << "'" << name
                                                << "' is not supported: the server continues without the "
                                                   "database, and keeps trying to reach it");
        }
    }
}

void checkType(const ConstElementPtr& settings) {
    const ConstElementPtr type = settings->get("type");
    if (!type) {
        isc_throw(DhcpConfigError, REGISTRY << "type is missing, must be postgresql");
    }
    if (type->stringValue() != "postgresql") {
        isc_throw(DhcpConfigError,
                  REGISTRY << "invalid type: '" << type->stringValue() << "', must be postgresql");
    }
}

} // namespace

const SimpleKeywords& DatabaseSettings::keywords() {
    static const SimpleKeywords KEYWORDS = {{"type", Element::string},
                                            {"name", Element::string},
                                            {"host", Element::string},
                                            {"port", Element::integer},
                                            {"user", Element::string},
                                            {"password", Element::string},
                                            {"password-file", Element::string},
                                            {"ssl-mode", Element::string},
                                            {"trust-anchor", Element::string},
                                            {"cert-file", Element::string},
                                            {"key-file", Element::string},
                                            {"connect-timeout", Element::integer},
                                            {"tcp-user-timeout", Element::integer},
                                            {"reconnect-wait-time", Element::integer},
                                            {"fetch-wait-time", Element::integer},
                                            {"retry-on-startup", Element::boolean},
                                            {"readonly", Element::boolean}};
    return KEYWORDS;
}

DatabaseSettings DatabaseSettings::parse(const ConstElementPtr& settings) {
    refuseGivingUp(settings);
    try {
        SimpleParser::checkKeywords(keywords(), settings);
    } catch (const isc::Exception& ex) {
        isc_throw(DhcpConfigError, REGISTRY << ex.what());
    }
    checkType(settings);
    DatabaseSettings parsed;
    takeText(settings, "name", parsed.name);
    if (parsed.name.empty()) {
        isc_throw(DhcpConfigError, REGISTRY << "name is missing, must be the name of a database");
    }
    takeText(settings, "host", parsed.host);
    takeNumber(settings, "port", 1, LAST_PORT, parsed.port);
    takeText(settings, "user", parsed.user);
    takeText(settings, "password", parsed.password);
    takePath(settings, "password-file", parsed.password_file);
    if (settings->contains("password") && settings->contains("password-file")) {
        isc_throw(DhcpConfigError, REGISTRY << "only one of password and password-file may be given");
    }
    takePath(settings, "trust-anchor", parsed.trust_anchor);
    takePath(settings, "cert-file", parsed.cert_file);
    takePath(settings, "key-file", parsed.key_file);
    if (parsed.cert_file.empty() != parsed.key_file.empty()) {
        isc_throw(DhcpConfigError, REGISTRY << "cert-file and key-file must be given together");
    }
    parsed.ssl_mode = parsed.trust_anchor.empty() ? "prefer" : "verify-ca";
    try {
        parseChoice<std::string>(settings, "ssl-mode",
                                 {{"disable", "disable"},
                                  {"prefer", "prefer"},
                                  {"require", "require"},
                                  {"verify-ca", "verify-ca"},
                                  {"verify-full", "verify-full"}},
                                 parsed.ssl_mode);
    } catch (const DhcpConfigError& ex) {
        isc_throw(DhcpConfigError, REGISTRY << ex.what());
    }
    takeNumber(settings, "connect-timeout", 1, MOST_SECONDS, parsed.connect_timeout);
    takeNumber(settings, "tcp-user-timeout", 0, MOST_SECONDS, parsed.tcp_user_timeout);
    takeNumber(settings, "reconnect-wait-time", 1, MOST_MILLISECONDS, parsed.reconnect_wait_time);
    takeNumber(settings, "fetch-wait-time", LEAST_FETCH_WAIT, MOST_MILLISECONDS, parsed.fetch_wait_time);
    takeFlag(settings, "retry-on-startup", parsed.retry_on_startup);
    takeFlag(settings, "readonly", parsed.readonly);
    return parsed;
}

ElementPtr DatabaseSettings::inForce(const ConstElementPtr& settings) {
    static const SimpleDefaults DEFAULTS = {{"host", Element::string, "localhost"},
                                            {"port", Element::integer, "5432"},
                                            {"connect-timeout", Element::integer, "5"},
                                            {"tcp-user-timeout", Element::integer, "10"},
                                            {"reconnect-wait-time", Element::integer, "2000"},
                                            {"fetch-wait-time", Element::integer, "500"},
                                            {"retry-on-startup", Element::boolean, "false"},
                                            {"readonly", Element::boolean, "false"}};
    ElementPtr all = isc::data::copy(settings, 1);
    SimpleParser::setDefaults(all, DEFAULTS);
    all->remove("password");
    return all;
}

} // namespace user_chk
