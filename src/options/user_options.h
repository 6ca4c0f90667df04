// SPDX-License-Identifier: MPL-2.0
// Defines UserOptions: the options that a user's attributes put into responses.

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

/// @brief What the attributes `option.*` and `next-server` put into responses. Immutable once created; all
/// responses share its options.
struct UserOptions {
    /// @brief Options by their codes.
    typedef std::map<uint16_t, isc::dhcp::OptionPtr> Options;

    /// @brief `option.NAME`, `option.CODE`: options of the protocol's own space.
    Options options;

    /// @brief `option.vendor-N.NAME`, `option.vendor-N.CODE`: options in a vendor option (DHCPv4 125, RFC
    /// 3925; DHCPv6 17, RFC 8415 section 21.17), by enterprise number.
    std::map<uint32_t, Options> vendors;

    /// @brief `next-server`: the DHCPv4 field `siaddr`.
    std::optional<isc::asiolink::IOAddress> next_server;

    /// @brief Creates the options that attributes define.
    ///
    /// A value is text as in Kea's `option-data` (Kea manual, "Standard DHCPv4 Options"), or hex digits after
    /// `0x`. An option that Kea does not define is left out with a remark, unless it has a code and hex
    /// digits.
    ///
    /// @param attributes the user's attributes
    /// @param definitions the known option definitions, and the protocol
    /// @param remarks receives what the operator should know
    /// @return the options, a null pointer when the attributes define none.
    /// @throw isc::BadValue naming the bad attribute.
    static std::shared_ptr<const UserOptions> parse(const PropertyMap& attributes,
                                                    const OptionDefinitions& definitions,
                                                    std::vector<std::string>& remarks);
};

/// @brief Puts options into a response, whether or not the client asked for them. They replace those with the
/// same codes.
void setUserOptions(isc::dhcp::Pkt4& response, const UserOptions& options);

/// @brief Puts options into a response, whether or not the client asked for them. They replace those with the
/// same codes.
void setUserOptions(isc::dhcp::Pkt6& response, const UserOptions& options);

} // namespace user_chk

#endif // USER_CHK_OPTIONS_USER_OPTIONS_H
