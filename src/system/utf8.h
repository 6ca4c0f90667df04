// SPDX-License-Identifier: MPL-2.0
// Handles texts that should be UTF-8 but may be anything.

#ifndef USER_CHK_SYSTEM_UTF8_H
#define USER_CHK_SYSTEM_UTF8_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace user_chk {

/// @brief The bytes that some editors put before UTF-8 text (RFC 3629 section 6).
inline constexpr std::string_view BYTE_ORDER_MARK = "\xef\xbb\xbf";

/// @brief Returns the byte order mark at the start of a text, empty when there is none.
inline std::string_view byteOrderMark(std::string_view text) {
    const std::string_view start = text.substr(0, BYTE_ORDER_MARK.size());
    return start == BYTE_ORDER_MARK ? start : std::string_view();
}

/// @brief True when a text looks like UTF-16: it starts with that byte order mark, or every second one of its
/// first bytes is a NUL, as in a text that starts with ASCII.
bool isUtf16(std::string_view text);

/// @brief A character of a text.
struct Character {
    uint32_t code; ///< its code point; for a byte that is not UTF-8, that byte
    size_t length; ///< the number of its bytes
    bool is_utf8;  ///< whether these are UTF-8 (RFC 3629)
};

/// @brief Returns the character that begins at a position within a text.
Character characterAt(std::string_view text, size_t at);

/// @brief Appends a code point as UTF-8.
void appendUtf8(std::string& text, uint32_t code);

/// @brief Returns a text as UTF-8. Bytes that are not UTF-8 are taken as Latin-1, whose characters are the
/// first 256 code points.
std::string asUtf8(std::string_view text);

/// @brief Returns a text that fits on one log line: control characters, and bytes that are not UTF-8, become
/// `\x1f` and the like.
std::string printable(std::string_view text);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_UTF8_H
