// SPDX-License-Identifier: MPL-2.0
// Formats the values of a record without a stream, which would take longer than the rest of a callout.

#ifndef USER_CHK_AUDIT_RECORD_TEXT_H
#define USER_CHK_AUDIT_RECORD_TEXT_H

#include <audit/grant.h>
#include <identity/id_text.h>

#include <asiolink/io_address.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk {

/// @brief Writes a text part by part, into memory that has room for all of it. To append the parts to a
/// string would take nearly twice as long.
class TextWriter {
public:
    /// @brief The maximum length of a number.
    static constexpr size_t NUMBER = 10;

    /// @brief The maximum length of a lease.
    static constexpr size_t LEASE = sizeof("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128");

    /// @brief Begins to write at a place.
    explicit TextWriter(char* to) : at_(to) {}

    /// @brief Writes a text as it is.
    TextWriter& add(std::string_view text) {
        at_ = std::copy(text.begin(), text.end(), at_);
        return *this;
    }

    /// @brief Writes a number in decimal.
    TextWriter& addNumber(uint32_t number) {
        at_ = std::to_chars(at_, at_ + NUMBER, number).ptr;
        return *this;
    }

    /// @brief Writes bytes as Kea's own text forms do; takes three characters for each.
    TextWriter& addBytes(const std::vector<uint8_t>& bytes) {
        at_ = writeId(bytes, ':', at_);
        return *this;
    }

    /// @brief Writes an address as IOAddress::toText() does.
    TextWriter& addAddress(const isc::asiolink::IOAddress& address) {
        if (!address.isV4()) {
            return add(address.toText());
        }
        const uint32_t number = address.toUint32();
        for (const int shift : {24, 16, 8, 0}) {
            addNumber((number >> shift) & 0xff);
            *at_++ = '.';
        }
        --at_;
        return *this;
    }

    /// @brief Writes a lease: `192.0.2.7`, `2001:db8:1::/56`.
    TextWriter& addLease(const GrantedLease& lease) {
        addAddress(lease.address);
        return lease.prefix_length == 0 ? *this : add("/").addNumber(lease.prefix_length);
    }

    /// @brief The end of what was written.
    const char* end() const { return at_; }

private:
    char* at_;
};

/// @brief Returns a lease as TextWriter writes it.
inline std::string textOf(const GrantedLease& lease) {
    std::array<char, TextWriter::LEASE> text;
    const char* const begin = text.data();
    return {begin, TextWriter(text.data()).addLease(lease).end()};
}

/// @brief Returns an address as TextWriter writes it.
inline std::string textOf(const isc::asiolink::IOAddress& address) {
    std::array<char, TextWriter::LEASE> text;
    const char* const begin = text.data();
    return {begin, TextWriter(text.data()).addAddress(address).end()};
}

} // namespace user_chk

#endif // USER_CHK_AUDIT_RECORD_TEXT_H
