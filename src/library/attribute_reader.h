// SPDX-License-Identifier: MPL-2.0
// Defines how attributes are read in one of the two servers: what they mean, and what to remark on.

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

/// @brief What attributes are read by. Immutable once it is published.
struct ReadingContext {
    /// @brief What the server knows of options, and its protocol.
    OptionDefinitions definitions;

    /// @brief `registered-class`.
    std::string registered_class;

    /// @brief The client classes that the server's configuration has; none where others may come and go.
    std::optional<std::set<isc::dhcp::ClientClass>> classes;

    /// @brief The subnets and shared networks that the server's configuration has.
    struct Places {
        std::set<isc::dhcp::SubnetID> subnets; ///< their ids
        std::set<std::string> shared_networks; ///< their names
    };

    /// @brief The parameters of all libraries, which may name classes too.
    std::string library_parameters;

    /// @brief The places that the server's configuration has; none where others may come and go.
    std::optional<Places> places{};

    /// @brief What clients are looked up by; empty for what the protocol knows them by.
    std::vector<UserId::UserIdType> identifiers{};
};

/// @brief The protocol whose options a record has by the type of its id, none where it may have those of
/// either one.
std::optional<isc::dhcp::Option::Universe> protocolOf(UserId::UserIdType type);

/// @brief Makes the reader for a server.
///
/// What is wrong with a user is wrong in both servers, so that neither lets a user into a registry that the
/// other refuses: options are checked for the protocol of the user's id, or for either one where it has none.
/// Of a user of the other protocol whom this server may meet too, those options are kept that are good here.
/// There is nothing to remark on it: that server may define options that are not known here.
///
/// @param context what the attributes are read by, at each time
AttributeReader makeAttributeReader(std::shared_ptr<const Published<ReadingContext>> context);

} // namespace user_chk

#endif // USER_CHK_LIBRARY_ATTRIBUTE_READER_H
