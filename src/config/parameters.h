// SPDX-License-Identifier: MPL-2.0
// Defines Parameters: what the library's entry in `hooks-libraries` says.

#ifndef USER_CHK_CONFIG_PARAMETERS_H
#define USER_CHK_CONFIG_PARAMETERS_H

#include <config/database_settings.h>
#include <config/identifier_settings.h>
#include <config/placement_settings.h>

#include <cc/data.h>

#include <cstddef>
#include <optional>
#include <string>

namespace user_chk {

/// @brief The parameters, each with its default. Immutable once parsed.
struct Parameters {
    /// @brief `registry-file`: who is registered.
    std::string registry_file = "/tmp/user_chk_registry.txt";

    /// @brief `registry-database`: the database that keeps the registry, in the place of a file.
    std::optional<DatabaseSettings> registry_database;

    /// @brief Who loads a registry that has changed.
    enum class Refresh {
        PACKET,    ///< the query that finds it changed
        BACKGROUND ///< a thread; queries go on with the last one meanwhile
    };

    /// @brief `registry-refresh`: `packet` or `background`.
    Refresh registry_refresh = Refresh::PACKET;

    /// @brief `registry-copy`: where the last good registry is kept; empty for nowhere.
    std::string registry_copy;

    /// @brief What becomes of a registry with a bad record.
    enum class Errors {
        REFUSE, ///< it is not taken
        SKIP    ///< it is taken without that record
    };

    /// @brief `registry-errors`: `refuse` or `skip`.
    Errors registry_errors = Errors::REFUSE;

    /// @brief True when bad records are skipped.
    bool skipsErrors() const { return registry_errors == Errors::SKIP; }

    /// @brief `identifiers`, `identifier-expression`: what clients are looked up by. Filled in by the one who
    /// knows the protocol, see IdentifierSettings::parse().
    IdentifierSettings identifiers;

    /// @brief `outcome-file`: where grants are recorded.
    std::string outcome_file = "/tmp/user_chk_outcome.txt";

    /// @brief The form of a record.
    enum class Format {
        TEXT, ///< stock's lines
        JSON  ///< an object a line
    };

    /// @brief `outcome-format`: `text` or `json`.
    Format outcome_format = Format::TEXT;

    /// @brief Which responses are recorded.
    enum class Events {
        ALL,       ///< each that grants something
        LEASES,    ///< not OFFER, ADVERTISE and the answer to an INFORM
        LIFECYCLE, ///< the same, and besides how leases end and what is refused; as JSON only
        NONE       ///< none; no file is opened
    };

    /// @brief `outcome-events`: `all`, `leases`, `lifecycle` or `none`.
    Events outcome_events = Events::ALL;

    /// @brief What becomes of a response whose record cannot be written.
    enum class Failure {
        CONTINUE, ///< it is sent
        DROP      ///< it is not sent
    };

    /// @brief `outcome-failure`: `continue` or `drop`.
    Failure outcome_failure = Failure::CONTINUE;

    /// @brief `strangers-kept`: how many clients that are not registered are remembered.
    size_t strangers_kept = 1000;

    /// @brief `unregistered-clients`, `restricted-subnet-id`, `nak-moved-clients`: what holds where a subnet
    /// and its shared network say nothing.
    PlacementSettings placement;

    /// @brief `registered-class`: the client class of queries of registered clients.
    std::string registered_class = "USER_CHK_REGISTERED";

    /// @brief `unregistered-class`: the client class of queries of all others.
    std::string unregistered_class = "USER_CHK_UNREGISTERED";

    /// @brief All of these by their names, for those who ask. `restricted-subnet-id` and `registry-copy` are
    /// there when they were given, and so is one of `registry-file` and `registry-database`. Passwords are
    /// left out.
    isc::data::ConstElementPtr in_force = inForce(nullptr);

    /// @brief Parses the `parameters` map (Kea manual, "Configuring Hook Libraries").
    ///
    /// @param parameters what Kea hands over, a null pointer when there are none
    /// @throw isc::dhcp::DhcpConfigError naming what is unknown, has the wrong type or is blank.
    static Parameters parse(const isc::data::ConstElementPtr& parameters);

private:
    static isc::data::ConstElementPtr inForce(const isc::data::ConstElementPtr& given);
};

} // namespace user_chk

#endif // USER_CHK_CONFIG_PARAMETERS_H
