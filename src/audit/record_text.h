// SPDX-License-Identifier: MPL-2.0
// Formats the values of a record without a stream, which would take longer than the rest of a callout.

#ifndef USER_CHK_AUDIT_RECORD_TEXT_H
#define USER_CHK_AUDIT_RECORD_TEXT_H

#include <audit/grant.h>

#include <asiolink/io_address.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <string>

namespace user_chk {

/// @brief Appends a number. Letters of bases above 10 are in lower case.
inline void appendNumber(std::string& text, uint32_t number, int base = 10) {
    std::array<char, 32> digits; // enough for base 2
    const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    text.append(digits.data(), static_cast<size_t>(end - digits.data()));
}

/// @brief Returns an address as IOAddress::toText() does.
inline std::string textOf(const isc::asiolink::IOAddress& address) {
    if (!address.isV4()) {
        return address.toText();
    }
    const uint32_t number = address.toUint32();
    std::array<char, sizeof("255.255.255.255.")> text;
    char* at = text.data();
    for (const int shift : {24, 16, 8, 0}) {
        at = std::to_chars(at, text.data() + text.size(), (number >> shift) & 0xff).ptr;
        *at++ = '.';
    }
    return {text.data(), static_cast<size_t>(at - text.data() - 1)};
}

/// @brief Returns a lease as text: `192.0.2.7`, `2001:db8:1::/56`.
inline std::string textOf(const GrantedLease& lease) {
    std::string text = textOf(lease.address);
    if (lease.prefix_length != 0) {
        text.push_back('/');
        appendNumber(text, lease.prefix_length);
    }
    return text;
}

} // namespace user_chk

#endif // USER_CHK_AUDIT_RECORD_TEXT_H
