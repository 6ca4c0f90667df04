// SPDX-License-Identifier: MPL-2.0
// Declares what is done with texts that should be UTF-8 and may be anything.

#ifndef USER_CHK_SYSTEM_UTF8_H
#define USER_CHK_SYSTEM_UTF8_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace user_chk {

/// @brief The bytes that some editors put before a text in UTF-8 (RFC 3629 section 6).
inline constexpr std::string_view BYTE_ORDER_MARK = "\xef\xbb\xbf";

/// @brief The byte order mark that a text starts with, empty where it starts with none.
inline std::string_view byteOrderMark(std::string_view text) {
    const std::string_view start = text.substr(0, BYTE_ORDER_MARK.size());
    return start == BYTE_ORDER_MARK ? start : std::string_view();
}

/// @brief True when a text is UTF-16: it starts with the byte order mark of that, or every second one of its
/// first bytes is a NUL, as in a text that starts with ASCII.
bool isUtf16(std::string_view text);

/// @brief A character of a text.
struct Character {
    uint32_t code; ///< its code point; of a byte that is no UTF-8, that byte
    size_t length; ///< of how many bytes it is
    bool is_utf8;  ///< whether these are UTF-8 (RFC 3629)
};

/// @brief The character of a text that begins at a place within it.
Character characterAt(std::string_view text, size_t at);

/// @brief Appends a code point as UTF-8.
void appendUtf8(std::string& text, uint32_t code);

/// @brief A text as UTF-8: bytes that are none are taken for characters of Latin-1, which has the first 256
/// code points.
std::string asUtf8(std::string_view text);

/// @brief A text for one line of a log: control characters, and bytes that are no UTF-8, as `\x1f`.
std::string printable(std::string_view text);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_UTF8_H
