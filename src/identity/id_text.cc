// SPDX-License-Identifier: MPL-2.0
// Implements the text form of identifiers.

#include <identity/id_text.h>

#include <exceptions/exceptions.h>

#include <array>

namespace user_chk {

namespace {

// The values of hex digits by their characters, -1 for all others.
constexpr std::array<int8_t, 256> hexDigits() {
    std::array<int8_t, 256> values{};
    for (auto& value : values) {
        value = -1;
    }
    for (int8_t digit = 0; digit < 10; ++digit) {
        values[static_cast<size_t>('0' + digit)] = digit;
    }
    for (int8_t digit = 10; digit < 16; ++digit) {
        values[static_cast<size_t>('a' + digit - 10)] = digit;
        values[static_cast<size_t>('A' + digit - 10)] = digit;
    }
    return values;
}

// The value of a hex digit, -1 for anything else.
int hexDigit(char c) {
    static constexpr std::array<int8_t, 256> DIGITS = hexDigits();
    return DIGITS[static_cast<uint8_t>(c)];
}

// How the bytes of an id are set apart.
struct Notation {
    char separator;
    size_t group;  // how many bytes stand together
    bool optional; // whether bytes may as well stand together
};

Notation notationOf(std::string_view text) {
    if (text.size() > 2 && text[2] == '-') {
        return {'-', 1, false};
    }
    if (text.size() > 4 && text[4] == '.') {
        return {'.', 2, false};
    }
    return {':', 1, true};
}

constexpr const char* FORMS =
    "', must be pairs of hex digits with nothing, ':' or '-' between bytes, or groups of four with '.'";

[[noreturn]] void refuse(std::string_view text) {
    isc_throw(isc::BadValue, "invalid id '" << text << FORMS);
}

} // namespace

void parseId(std::string_view text, std::vector<uint8_t>& bytes) {
    bytes.clear();
    const Notation notation = notationOf(text);
    size_t at = 0;
    while (at < text.size()) {
        if (!bytes.empty() && bytes.size() % notation.group == 0) {
            if (text[at] == notation.separator) {
                ++at;
            } else if (!notation.optional) {
                refuse(text);
            }
        }
        const int high = at < text.size() ? hexDigit(text[at]) : -1;
        const int low = at + 1 < text.size() ? hexDigit(text[at + 1]) : -1;
        if (high < 0 || low < 0) {
            refuse(text);
        }
        bytes.push_back(static_cast<uint8_t>(high * 16 + low));
        at += 2;
    }
    if (bytes.size() % notation.group != 0) {
        refuse(text);
    }
}

void appendId(std::string& text, const std::vector<uint8_t>& bytes, char delim) {
    static const char DIGITS[] = "0123456789abcdef";
    if (bytes.empty()) {
        return;
    }
    const size_t step = delim != 0 ? 3 : 2;
    const size_t length = text.size();
    text.resize(length + bytes.size() * step - (step - 2), delim);
    char* at = text.data() + length;
    for (const uint8_t byte : bytes) {
        at[0] = DIGITS[byte >> 4];
        at[1] = DIGITS[byte & 0x0f];
        at += step;
    }
}

} // namespace user_chk
