// SPDX-License-Identifier: MPL-2.0
// Tests the parsing of the parameter `registry-database`, and how it combines with the others.

#include <config/parameters.h>
#include <support/temp_dir.h>

#include <cc/dhcp_config_error.h>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

using isc::data::Element;
using isc::dhcp::DhcpConfigError;

namespace user_chk::database_settings_test {
namespace {

const std::string LEAST = R"("type": "postgresql", "name": "kea")";

Parameters parse(const std::string& settings, const std::string& others = "") {
    return Parameters::parse(Element::fromJSON(R"({"registry-database": {)" + settings + "}" + others + "}"));
}

std::string errorOf(const std::string& settings, const std::string& others = "") {
    return test::messageOf<DhcpConfigError>([&] { parse(settings, others); });
}

TEST(DatabaseSettingsTest, haveDefaults) {
    const Parameters parameters = parse(LEAST);
    const DatabaseSettings& settings = *parameters.registry_database;
    EXPECT_EQ("kea", settings.name);
    EXPECT_EQ("localhost", settings.host);
    EXPECT_EQ(5432, settings.port);
    EXPECT_EQ("", settings.user);
    EXPECT_EQ("prefer", settings.ssl_mode);
    EXPECT_EQ(5, settings.connect_timeout.count());
    EXPECT_EQ(10, settings.tcp_user_timeout.count());
    EXPECT_EQ(2000, settings.reconnect_wait_time.count());
    EXPECT_EQ(500, settings.fetch_wait_time.count());
    EXPECT_FALSE(settings.retry_on_startup);
    EXPECT_FALSE(settings.readonly);
    EXPECT_EQ("database kea on localhost", settings.description());
    EXPECT_EQ("database kea on this machine",
              parse(LEAST + R"(, "host": "")").registry_database->description());
    EXPECT_EQ("verify-ca", parse(LEAST + R"(, "trust-anchor": "/ca")").registry_database->ssl_mode);
    EXPECT_EQ(std::nullopt, Parameters().registry_database);
}

TEST(DatabaseSettingsTest, areTaken) {
    const Parameters parameters = parse(LEAST + R"(, "host": "a,b", "port": 1, "user": "u", "password": "p",
        "ssl-mode": "verify-full", "trust-anchor": "/ca", "cert-file": "/cert", "key-file": "/key",
        "connect-timeout": 1, "tcp-user-timeout": 0, "reconnect-wait-time": 3, "fetch-wait-time": 100,
        "retry-on-startup": true, "readonly": true)");
    const DatabaseSettings& settings = *parameters.registry_database;
    EXPECT_EQ("a,b", settings.host);
    EXPECT_EQ(1, settings.port);
    EXPECT_EQ("u", settings.user);
    EXPECT_EQ("p", settings.password);
    EXPECT_EQ("verify-full", settings.ssl_mode);
    EXPECT_EQ("/ca", settings.trust_anchor);
    EXPECT_EQ("/cert", settings.cert_file);
    EXPECT_EQ("/key", settings.key_file);
    EXPECT_EQ(1, settings.connect_timeout.count());
    EXPECT_EQ(0, settings.tcp_user_timeout.count());
    EXPECT_EQ(3, settings.reconnect_wait_time.count());
    EXPECT_EQ(100, settings.fetch_wait_time.count());
    EXPECT_TRUE(settings.retry_on_startup);
    EXPECT_TRUE(settings.readonly);
    EXPECT_EQ("/p", parse(LEAST + R"(, "password-file": "/p")").registry_database->password_file);
}

TEST(DatabaseSettingsTest, areRefusedByName) {
    const std::vector<std::pair<std::string, std::string>> refused = {
        {R"("name": "kea")", "type is missing, must be postgresql"},
        {R"("type": "mysql", "name": "kea")", "invalid type: 'mysql', must be postgresql"},
        {R"("type": "postgresql")", "name is missing, must be the name of a database"},
        {LEAST + R"(, "port": 0)", "invalid port: 0, must be 1 to 65535"},
        {LEAST + R"(, "port": "1")", "'port' parameter is not an integer"},
        {LEAST + R"(, "hots": "a")", "spurious 'hots' parameter"},
        {LEAST + R"(, "fetch-wait-time": 99)", "invalid fetch-wait-time: 99, must be 100 to 60000"},
        {LEAST + R"(, "connect-timeout": 0)", "invalid connect-timeout: 0, must be 1 to 3600"},
        {LEAST + R"(, "ssl-mode": "on")",
         "invalid ssl-mode: 'on', must be one of disable, prefer, require, verify-ca, verify-full"},
        {LEAST + R"(, "trust-anchor": " ")", "invalid trust-anchor: ' ', must be the path of a file"},
        {LEAST + R"(, "cert-file": "/c")", "cert-file and key-file must be given together"},
        {LEAST + R"(, "password": "a", "password-file": "/b")",
         "only one of password and password-file may be given"},
        {LEAST + R"(, "on-fail": "stop-retry-exit")", "'on-fail' is not supported: the server continues "
                                                      "without the database, and keeps trying to reach it"}};
    for (const auto& [settings, error] : refused) {
        EXPECT_EQ("registry-database: " + error, errorOf(settings));
    }
}

TEST(DatabaseSettingsTest, aDatabaseIsFollowedByAThreadAndItsBadRowsAreSkipped) {
    EXPECT_EQ(Parameters::Refresh::BACKGROUND, parse(LEAST).registry_refresh);
    EXPECT_TRUE(parse(LEAST).skipsErrors());
    EXPECT_TRUE(
        parse(LEAST, R"(, "registry-errors": "skip", "registry-refresh": "background")").skipsErrors());
    EXPECT_EQ("only one of registry-file and registry-database may be given",
              errorOf(LEAST, R"(, "registry-file": "/r")"));
    EXPECT_EQ("invalid registry-refresh: 'packet', must be background with registry-database",
              errorOf(LEAST, R"(, "registry-refresh": "packet")"));
    EXPECT_EQ("invalid registry-errors: 'refuse', must be skip with registry-database",
              errorOf(LEAST, R"(, "registry-errors": "refuse")"));
}

TEST(DatabaseSettingsTest, thoseInForceAreWithoutThePassword) {
    const auto given =
        Element::fromJSON(R"({"registry-database": {)" + LEAST + R"(, "password": "secret"}})");
    const auto in_force = Parameters::parse(given).in_force;
    EXPECT_EQ(std::string::npos, in_force->str().find("secret"));
    EXPECT_NE(std::string::npos, given->str().find("secret")); // Kea's own map is unchanged
    EXPECT_EQ(nullptr, in_force->get("registry-file"));
    EXPECT_EQ("background", in_force->get("registry-refresh")->stringValue());
    EXPECT_EQ("skip", in_force->get("registry-errors")->stringValue());
    EXPECT_EQ(500, in_force->get("registry-database")->get("fetch-wait-time")->intValue());
}

} // namespace
} // namespace user_chk::database_settings_test
