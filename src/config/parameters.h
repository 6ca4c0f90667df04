// SPDX-License-Identifier: MPL-2.0
// Defines Parameters: the parsed parameters of the library's entry in `hooks-libraries`.

#ifndef USER_CHK_CONFIG_PARAMETERS_H
#define USER_CHK_CONFIG_PARAMETERS_H

#include <config/database_settings.h>
#include <config/identifier_settings.h>
#include <config/placement_settings.h>

#include <cc/data.h>

#include <cstddef>
#include <optional>
#include <set>
#include <string>

namespace user_chk {

/// @brief The parameters with their defaults. Immutable once parsed.
struct Parameters {
    /// @brief `registry-file`: the file that lists the registered clients.
    std::string registry_file = "/tmp/user_chk_registry.txt";

    /// @brief `registry-database`: the database that holds the registry, instead of a file.
    std::optional<DatabaseSettings> registry_database;

    /// @brief Who reloads a registry that has changed.
    enum class Refresh {
        PACKET,    ///< the query that notices the change
        BACKGROUND ///< a background thread; meanwhile queries use the previous registry
    };

    /// @brief `registry-refresh`: `packet` or `background`.
    Refresh registry_refresh = Refresh::PACKET;

    /// @brief `registry-copy`: where the last good registry is saved; empty to save none.
    std::string registry_copy;

    /// @brief What happens to a registry with a bad record.
    enum class Errors {
        REFUSE, ///< it is rejected
        SKIP    ///< it is loaded without that record
    };

    /// @brief `registry-errors`: `refuse` or `skip`.
    Errors registry_errors = Errors::REFUSE;

    /// @brief True when bad records are skipped.
    bool skipsErrors() const { return registry_errors == Errors::SKIP; }

    /// @brief `identifiers`, `identifier-expression`: the identifiers by which clients are looked up. Set by
    /// the caller that knows the protocol, see IdentifierSettings::parse().
    IdentifierSettings identifiers;

    /// @brief `outcome-file`: the file that records grants.
    std::string outcome_file = "/tmp/user_chk_outcome.txt";

    /// @brief The form of a record.
    enum class Format {
        TEXT, ///< the lines that stock writes
        JSON  ///< one object per line
    };

    /// @brief `outcome-format`: `text` or `json`.
    Format outcome_format = Format::TEXT;

    /// @brief Which responses are recorded.
    enum class Events {
        ALL,       ///< all that grant something
        LEASES,    ///< all but OFFER, ADVERTISE and the answer to a DHCPINFORM
        LIFECYCLE, ///< the same, plus the ends of leases and refusals; JSON only
        NONE       ///< none; no file is opened
    };

    /// @brief `outcome-events`: `all`, `leases`, `lifecycle` or `none`.
    Events outcome_events = Events::ALL;

    /// @brief What happens to a response whose record cannot be written.
    enum class Failure {
        CONTINUE, ///< it is sent
        DROP      ///< it is not sent
    };

    /// @brief `outcome-failure`: `continue` or `drop`.
    Failure outcome_failure = Failure::CONTINUE;

    /// @brief `strangers-kept`: how many unregistered clients are remembered.
    size_t strangers_kept = 1000;

    /// @brief `unregistered-clients`, `restricted-subnet-id`, `nak-moved-clients`: the settings where neither
    /// the subnet nor its shared network overrides them.
    PlacementSettings placement;

    /// @brief `registered-class`: the client class given to queries of registered clients.
    std::string registered_class = "USER_CHK_REGISTERED";

    /// @brief `unregistered-class`: the client class given to all other queries.
    std::string unregistered_class = "USER_CHK_UNREGISTERED";

    /// @brief All parameters by name, to report them. `restricted-subnet-id` and `registry-copy` are present
    /// only when they were given. Either `registry-file` or `registry-database` is present. Passwords are
    /// left out.
    isc::data::ConstElementPtr in_force = inForce(nullptr);

    /// @brief Parses the `parameters` map (Kea manual, "Configuring Hook Libraries").
    ///
    /// @param parameters the map from Kea, a null pointer when there is none
    /// @throw isc::dhcp::DhcpConfigError naming the parameter that is unknown, has the wrong type or is
    /// blank.
    static Parameters parse(const isc::data::ConstElementPtr& parameters);

    /// @brief Checks that the files that the server creates are where Kea lets a configuration have files
    /// created: nobody who may only change the configuration is to create or append to any other file. The
    /// default `outcome-file` is allowed anywhere; `registry-copy` and `outcome-file` are checked if they are
    /// used.
    ///
    /// @param folders the directories in or below which files may be; an empty one has none
    /// @throw isc::dhcp::DhcpConfigError naming the parameter, its file and the directories.
    void checkFiles(const std::set<std::string>& folders) const;

private:
    static isc::data::ConstElementPtr inForce(const isc::data::ConstElementPtr& given);
};

} // namespace user_chk

#endif // USER_CHK_CONFIG_PARAMETERS_H
