// SPDX-License-Identifier: MPL-2.0
// Defines DatabaseSettings: what the parameter `registry-database` says.

#ifndef USER_CHK_CONFIG_DATABASE_SETTINGS_H
#define USER_CHK_CONFIG_DATABASE_SETTINGS_H

#include <cc/data.h>
#include <cc/simple_parser.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace user_chk {

/// @brief Where the database is that keeps the registry, and how it is followed. The names are those that
/// Kea's own databases have, where there are such.
struct DatabaseSettings {
    /// @brief `name`: the name of the database. There is no default.
    std::string name;

    /// @brief `host`: names, addresses or directories of sockets, with commas between them, which are tried
    /// in this order. An empty one is libpq's own directory of sockets.
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

    /// @brief `connect-timeout`, in seconds: how long one of the hosts may take to let us in.
    std::chrono::seconds connect_timeout{5};

    /// @brief `tcp-user-timeout`, in seconds: how long data may stay unacknowledged.
    std::chrono::seconds tcp_user_timeout{10};

    /// @brief `reconnect-wait-time`, in milliseconds: how long it is left alone after it could not be
    /// reached, give or take half of that.
    std::chrono::milliseconds reconnect_wait_time{2000};

    /// @brief `fetch-wait-time`, in milliseconds: how often it is asked for changes.
    std::chrono::milliseconds fetch_wait_time{500};

    /// @brief `retry-on-startup`: whether a server starts, and answers nobody, where there is neither a
    /// database nor a copy.
    bool retry_on_startup = false;

    /// @brief `readonly`: whether commands are kept from changing users in it.
    bool readonly = false;

    /// @brief Which rows are for this server: its `server-tag` in Kea's configuration, or `all`. Not a
    /// setting of the map.
    std::string server_tag = "all";

    /// @brief What to call the database in messages: `database NAME on HOST`.
    std::string description() const {
        return "database " + name + " on " + (host.empty() ? "this machine" : host);
    }

    /// @brief The names of the settings and their types.
    static const isc::data::SimpleKeywords& keywords();

    /// @brief Parses the map.
    ///
    /// @throw isc::dhcp::DhcpConfigError naming what is unknown, is missing or has a bad type or value.
    static DatabaseSettings parse(const isc::data::ConstElementPtr& settings);

    /// @brief The map with all settings that it leaves to their defaults, and without the password.
    static isc::data::ElementPtr inForce(const isc::data::ConstElementPtr& settings);
};

} // namespace user_chk

#endif // USER_CHK_CONFIG_DATABASE_SETTINGS_H
