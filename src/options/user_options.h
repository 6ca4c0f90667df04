// SPDX-License-Identifier: MPL-2.0
// Defines UserOptions: options that attributes of a user put into its responses.

#ifndef USER_CHK_OPTIONS_USER_OPTIONS_H
#define USER_CHK_OPTIONS_USER_OPTIONS_H

#include <options/option_definitions.h>
#include <user.h>

#include <asiolink/io_address.h>
#include <dhcp/option.h>
#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace user_chk {

/// @brief What the attributes `option.*` and `next-server` put into responses. Immutable once it is made; its
/// options are shared by all responses that have them.
struct UserOptions {
    /// @brief Options by their codes.
    typedef std::map<uint16_t, isc::dhcp::OptionPtr> Options;

    /// @brief `option.NAME`, `option.CODE`: options of the protocol's own space.
    Options options;

    /// @brief `option.vendor-N.NAME`, `option.vendor-N.CODE`: by enterprise number, options within a vendor
    /// option (DHCPv4 125, RFC 3925; DHCPv6 17, RFC 8415 section 21.17).
    std::map<uint32_t, Options> vendors;

    /// @brief `next-server`: the DHCPv4 field `siaddr`.
    std::optional<isc::asiolink::IOAddress> next_server;

    /// @brief Makes the options that attributes name.
    ///
    /// A value is text as in Kea's `option-data` (Kea manual, "Standard DHCPv4 Options"), or hex digits
    /// behind `0x`. What Kea has no definition of is left out with a remark, but for hex digits under a code.
    ///
    /// @param attributes the user's
    /// @param definitions what is known of options, and the protocol
    /// @param remarks takes what the operator should know
    /// @return a null pointer when the attributes name none.
    /// @throw isc::BadValue naming the attribute that is bad.
    static std::shared_ptr<const UserOptions> parse(const PropertyMap& attributes,
                                                    const OptionDefinitions& definitions,
                                                    std::vector<std::string>& remarks);
};

/// @brief Puts options into a response, asked for or not, in the place of those that have the same codes.
void setUserOptions(isc::dhcp::Pkt4& response, const UserOptions& options);

/// @brief Puts options into a response, asked for or not, in the place of those that have the same codes.
void setUserOptions(isc::dhcp::Pkt6& response, const UserOptions& options);

} // namespace user_chk

#endif // USER_CHK_OPTIONS_USER_OPTIONS_H
