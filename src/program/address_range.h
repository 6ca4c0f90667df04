// SPDX-License-Identifier: MPL-2.0
// Defines AddressRange: an address or a prefix, however it is written.

#ifndef USER_CHK_PROGRAM_ADDRESS_RANGE_H
#define USER_CHK_PROGRAM_ADDRESS_RANGE_H

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace user_chk::program {

/// @brief An IPv4 or IPv6 address, or all addresses of a prefix.
class AddressRange {
public:
    /// @brief Parses an address, or `address/length`.
    ///
    /// @return none when the text is neither.
    static std::optional<AddressRange> parse(std::string_view text);

    /// @brief True when both have an address in common: they are equal, or one contains the other.
    bool overlaps(const AddressRange& other) const;

    /// @brief True for IPv6.
    bool isV6() const { return v6_; }

    /// @brief True for `address/length`.
    bool isPrefix() const { return prefix_; }

    /// @brief Returns the text as Kea writes it, for IPv6 as in RFC 5952: `2001:db8::1`,
    /// `2001:db8:1200::/40`.
    std::string text() const;

    /// @brief Orders by family, then by address.
    bool operator<(const AddressRange& other) const;

private:
    bool v6_ = false;
    bool prefix_ = false;
    uint8_t length_ = 0;                 // in bits
    std::array<uint8_t, 16> bytes_ = {}; // the first four for IPv4
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_ADDRESS_RANGE_H
