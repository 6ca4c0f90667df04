// SPDX-License-Identifier: MPL-2.0
// Defines AddressRange: an address or a prefix, whichever way it is written.

#ifndef USER_CHK_PROGRAM_ADDRESS_RANGE_H
#define USER_CHK_PROGRAM_ADDRESS_RANGE_H

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace user_chk::program {

/// @brief An address, or all addresses of a prefix; of IPv4 or IPv6.
class AddressRange {
public:
    /// @brief Reads an address, or `address/length`.
    ///
    /// @return nothing when the text is neither.
    static std::optional<AddressRange> parse(std::string_view text);

    /// @brief True when the two have an address in common: they are the same, or one holds the other.
    bool overlaps(const AddressRange& other) const;

    /// @brief True for IPv6.
    bool isV6() const { return v6_; }

    /// @brief True for `address/length`.
    bool isPrefix() const { return prefix_; }

    /// @brief As Kea writes it, which is RFC 5952 for IPv6: `2001:db8::1`, `2001:db8:1200::/40`.
    std::string text() const;

    /// @brief Orders by family, then by address.
    bool operator<(const AddressRange& other) const;

private:
    bool v6_ = false;
    bool prefix_ = false;
    uint8_t length_ = 0;                 // in bits
    std::array<uint8_t, 16> bytes_ = {}; // of IPv4 the first four
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_ADDRESS_RANGE_H
