// SPDX-License-Identifier: MPL-2.0
// Defines TextWriter, which writes the text of records without a stream, which would take longer than the
// rest of a callout.

#ifndef USER_CHK_AUDIT_RECORD_TEXT_H
#define USER_CHK_AUDIT_RECORD_TEXT_H

#include <audit/grant.h>
#include <identity/id_text.h>
#include <system/utc_time.h>

#include <asiolink/io_address.h>

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk {

/// @brief A text that is written part by part. The records of a response usually need no memory from the
/// heap.
class TextWriter {
public:
    TextWriter() = default;
    TextWriter(const TextWriter&) = delete;
    TextWriter& operator=(const TextWriter&) = delete;

    /// @brief Returns what was written; valid until more is written.
    std::string_view text() const { return {memory_.data(), static_cast<size_t>(at_ - memory_.data())}; }

    /// @brief Writes a text as it is.
    TextWriter& add(std::string_view text) {
        at_ = std::copy(text.begin(), text.end(), room(text.size()));
        return *this;
    }

    /// @brief Writes a number in decimal.
    TextWriter& addNumber(uint32_t number) {
        constexpr size_t MOST = std::numeric_limits<uint32_t>::digits10 + 1;
        char* const to = room(MOST);
        at_ = std::to_chars(to, to + MOST, number).ptr;
        return *this;
    }

    /// @brief Writes a number in hexadecimal, without a prefix.
    TextWriter& addHex(uint32_t number) {
        constexpr size_t MOST = 2 * sizeof(number);
        char* const to = room(MOST);
        at_ = std::to_chars(to, to + MOST, number, 16).ptr;
        return *this;
    }

    /// @brief Writes a time as utcText() does.
    TextWriter& addTime(std::chrono::system_clock::time_point time) {
        at_ = writeUtc(time, room(UTC_LENGTH));
        return *this;
    }

    /// @brief Writes bytes as Kea's own text forms do.
    TextWriter& addBytes(const std::vector<uint8_t>& bytes) {
        at_ = writeId(bytes, ':', room(3 * bytes.size()));
        return *this;
    }

    /// @brief Writes an address as IOAddress::toText() does.
    TextWriter& addAddress(const isc::asiolink::IOAddress& address) {
        if (!address.isV4()) {
            return add(address.toText());
        }
        const uint32_t number = address.toUint32();
        addNumber(number >> 24);
        for (const int shift : {16, 8, 0}) {
            add(".").addNumber((number >> shift) & 0xff);
        }
        return *this;
    }

    /// @brief Writes a lease: `192.0.2.7`, `2001:db8:1::/56`.
    TextWriter& addLease(const GrantedLease& lease) {
        addAddress(lease.address);
        return lease.prefix_length == 0 ? *this : add("/").addNumber(lease.prefix_length);
    }

private:
    // Returns where to write the next part, which has at most this length.
    char* room(size_t length) {
        if (static_cast<size_t>(end_ - at_) < length) {
            grow(length);
        }
        return at_;
    }

    void grow(size_t length) {
        const size_t written = text().size();
        memory_.resize(2 * (written + length), boost::container::default_init);
        at_ = memory_.data() + written;
        end_ = memory_.data() + memory_.size();
    }

    static constexpr size_t OWN = 1024;

    boost::container::small_vector<char, OWN> memory_{OWN, boost::container::default_init};
    char* at_ = memory_.data();
    char* end_ = memory_.data() + OWN;
};

/// @brief Returns a lease as TextWriter writes it.
inline std::string textOf(const GrantedLease& lease) {
    return std::string(TextWriter().addLease(lease).text());
}

/// @brief Returns an address as TextWriter writes it.
inline std::string textOf(const isc::asiolink::IOAddress& address) {
    return std::string(TextWriter().addAddress(address).text());
}

} // namespace user_chk

#endif // USER_CHK_AUDIT_RECORD_TEXT_H
