// SPDX-License-Identifier: MPL-2.0
// Declares the reader of attributes for a server: it finds their meaning and what to warn of.

#ifndef USER_CHK_LIBRARY_ATTRIBUTE_READER_H
#define USER_CHK_LIBRARY_ATTRIBUTE_READER_H

#include <options/option_definitions.h>
#include <registry/user_attributes.h>
#include <system/published.h>

#include <dhcp/classify.h>
#include <dhcpsrv/subnet_id.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace user_chk {

/// @brief What the meaning of attributes depends on. Immutable once published.
struct ReadingContext {
    /// @brief The server's option definitions and its protocol.
    OptionDefinitions definitions;

    /// @brief The parameter `registered-class`.
    std::string registered_class;

    /// @brief The client classes in the server's configuration; none when classes may be added and removed at
    /// run time.
    std::optional<std::set<isc::dhcp::ClientClass>> classes;

    /// @brief The subnets and shared networks in the server's configuration.
    struct Places {
        std::set<isc::dhcp::SubnetID> subnets; ///< their ids
        std::set<std::string> shared_networks; ///< their names
    };

    /// @brief The parameters of all hook libraries, which may name classes too.
    std::string library_parameters;

    /// @brief The subnets and shared networks in the server's configuration; none when they may be added and
    /// removed at run time.
    std::optional<Places> places{};

    /// @brief The identifiers by which clients are looked up; empty for the protocol's own identifier.
    std::vector<UserId::UserIdType> identifiers{};
};

/// @brief Returns the protocol whose options a record may have, judged by the type of its id; none when it
/// may have options of either protocol.
std::optional<isc::dhcp::Option::Universe> protocolOf(UserId::UserIdType type);

/// @brief Creates the reader for a server.
///
/// A bad user is bad in both servers, so that neither server loads a registry that the other rejects. So
/// options are checked for the protocol of the user's id, or for either protocol when the id has none. When
/// this server may meet a user of the other protocol, it keeps those of its options that are valid here. It
/// does not warn of the rest: the other server may define options that are not known here.
///
/// @param context read anew each time attributes are read
AttributeReader makeAttributeReader(std::shared_ptr<const Published<ReadingContext>> context);

} // namespace user_chk

#endif // USER_CHK_LIBRARY_ATTRIBUTE_READER_H
