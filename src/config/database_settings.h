// SPDX-License-Identifier: MPL-2.0
// Defines DatabaseSettings, the parsed parameter `registry-database`.

#ifndef USER_CHK_CONFIG_DATABASE_SETTINGS_H
#define USER_CHK_CONFIG_DATABASE_SETTINGS_H

#include <cc/data.h>
#include <cc/simple_parser.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace user_chk {

/// @brief Which database holds the registry, and how it is followed. The settings are named like those of
/// Kea's own databases, where Kea has them.
struct DatabaseSettings {
    /// @brief `name`: the name of the database. There is no default.
    std::string name;

    /// @brief `host`: names, addresses or socket directories, separated by commas and tried in this order. An
    /// empty one means libpq's default socket directory.
    std::string host = "localhost";

    /// @brief `port`.
    uint16_t port = 5432;

    /// @brief `user`: the role that logs in; empty for libpq's default, the user that runs the server.
    std::string user;

    /// @brief `password`.
    std::string password;

    /// @brief `password-file`: a file with the password, in its first line.
    std::string password_file;

    /// @brief `ssl-mode`: libpq's `sslmode`.
    std::string ssl_mode = "prefer";

    /// @brief `trust-anchor`: libpq's `sslrootcert`.
    std::string trust_anchor;

    /// @brief `cert-file`: libpq's `sslcert`.
    std::string cert_file;

    /// @brief `key-file`: libpq's `sslkey`.
    std::string key_file;

    /// @brief `connect-timeout`, in seconds: how long to wait for one host to accept the connection.
    std::chrono::seconds connect_timeout{5};

    /// @brief `tcp-user-timeout`, in seconds: how long sent data may stay unacknowledged.
    std::chrono::seconds tcp_user_timeout{10};

    /// @brief `reconnect-wait-time`, in milliseconds: how long to wait after a failed attempt to connect,
    /// plus or minus half of that.
    std::chrono::milliseconds reconnect_wait_time{2000};

    /// @brief `fetch-wait-time`, in milliseconds: how often the database is polled for changes.
    std::chrono::milliseconds fetch_wait_time{500};

    /// @brief `retry-on-startup`: whether a server that finds neither a database nor a copy starts anyway,
    /// and answers no query until it has a registry.
    bool retry_on_startup = false;

    /// @brief `readonly`: whether commands are refused that would change users in the database.
    bool readonly = false;

    /// @brief Selects the rows for this server: the `server-tag` of Kea's configuration, or `all`. Not part
    /// of the map.
    std::string server_tag = "all";

    /// @brief Returns the name of the database for messages: `database NAME on HOST`.
    std::string description() const {
        return "database " + name + " on " + (host.empty() ? "this machine" : host);
    }

    /// @brief Returns the names and types of the settings.
    static const isc::data::SimpleKeywords& keywords();

    /// @brief Parses the map.
    ///
    /// @throw isc::dhcp::DhcpConfigError naming the setting that is unknown, missing, or has a bad type or
    /// value.
    static DatabaseSettings parse(const isc::data::ConstElementPtr& settings);

    /// @brief Returns the map completed with all defaults, without the password.
    static isc::data::ElementPtr inForce(const isc::data::ConstElementPtr& settings);
};

} // namespace user_chk

#endif // USER_CHK_CONFIG_DATABASE_SETTINGS_H
