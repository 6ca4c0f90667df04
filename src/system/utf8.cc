// SPDX-License-Identifier: MPL-2.0
// Implements the handling of texts that should be UTF-8 but may be anything.

#include <system/utf8.h>

namespace user_chk {

namespace {

// Returns the length of a sequence that begins with this byte, 0 when there is none.
size_t lengthOf(uint8_t lead) {
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xc2 || lead > 0xf4) {
        return 0;
    }
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

// Only the shortest form is valid, and surrogates are not characters.
bool isAllowed(uint32_t code, size_t length) {
    constexpr uint32_t SMALLEST[] = {0, 0, 0x80, 0x800, 0x10000};
    return code >= SMALLEST[length] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

bool isControl(uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

void appendByte(std::string& text, char c) {
    static const char DIGITS[] = "0123456789abcdef";
    const auto byte = static_cast<uint8_t>(c);
    text += "\\x";
    text += DIGITS[byte >> 4];
    text += DIGITS[byte & 0x0f];
}

} // namespace

bool isUtf16(std::string_view text) {
    const std::string_view mark = text.substr(0, 2);
    if (mark == "\xff\xfe" || mark == "\xfe\xff") {
        return true;
    }
    constexpr size_t LOOKED_AT = 4;
    const auto has_nuls = [&](size_t first) {
        return text[first] == '\0' && text[first + 2] == '\0' && text[first ^ 1] != '\0' &&
               text[(first ^ 1) + 2] != '\0';
    };
    return text.size() >= LOOKED_AT && (has_nuls(0) || has_nuls(1));
}

Character characterAt(std::string_view text, size_t at) {
    const auto lead = static_cast<uint8_t>(text[at]);
    const Character byte = {lead, 1, lead < 0x80};
    const size_t length = lengthOf(lead);
    if (length < 2 || text.size() - at < length) {
        return byte;
    }
    uint32_t code = lead & (0x7fU >> length);
    for (size_t i = 1; i < length; ++i) {
        const auto next = static_cast<uint8_t>(text[at + i]);
        if ((next & 0xc0) != 0x80) {
            return byte;
        }
        code = code << 6 | (next & 0x3fU);
    }
    return isAllowed(code, length) ? Character{code, length, true} : byte;
}

void appendUtf8(std::string& text, uint32_t code) {
    const auto tail = [&text, code](unsigned shift) {
        text += static_cast<char>(0x80 | (code >> shift & 0x3f));
    };
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += static_cast<char>(0xc0 | code >> 6);
        tail(0);
    } else if (code < 0x10000) {
        text += static_cast<char>(0xe0 | code >> 12);
        tail(6);
        tail(0);
    } else {
        text += static_cast<char>(0xf0 | code >> 18);
        tail(12);
        tail(6);
        tail(0);
    }
}

std::string asUtf8(std::string_view text) {
    std::string result;
    for (size_t at = 0; at < text.size();) {
        const Character character = characterAt(text, at);
        appendUtf8(result, character.code);
        at += character.length;
    }
    return result;
}

std::string printable(std::string_view text) {
    std::string result;
    for (size_t at = 0; at < text.size();) {
        const Character character = characterAt(text, at);
        for (size_t end = at + character.length; at < end; ++at) {
            if (!character.is_utf8 || isControl(character.code)) {
                appendByte(result, text[at]);
            } else {
                result += text[at];
            }
        }
    }
    return result;
}

} // namespace user_chk
