// SPDX-License-Identifier: MPL-2.0
// Implements DecodedEscapes and nestingDepth().

#include <source/json_escapes.h>

#include <system/utf8.h>
#include <user_file.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace user_chk {

namespace {

constexpr size_t LENGTH = 6; // of \uXXXX

bool isEscape(std::string_view json, size_t at) {
    return json.substr(at, 2) == "\\u";
}

// Returns the number in an escape.
uint32_t codeUnit(std::string_view json, size_t at) {
    const std::string_view digits = json.substr(at, LENGTH).substr(2);
    uint32_t unit = 0;
    const auto parsed = std::from_chars(digits.begin(), digits.end(), unit, 16);
    if (digits.size() != LENGTH - 2 || parsed.ec != std::errc() || parsed.ptr != digits.end()) {
        isc_throw(UserFileError,
                  "invalid escape at column " << at + 1 << ", \\u must be followed by four hex digits");
    }
    return unit;
}

bool isHigh(uint32_t unit) {
    return unit >= 0xd800 && unit <= 0xdbff;
}

bool isLow(uint32_t unit) {
    return unit >= 0xdc00 && unit <= 0xdfff;
}

[[noreturn]] void refuseHalf(std::string_view json, size_t at) {
    isc_throw(UserFileError, "invalid escape " << json.substr(at, LENGTH) << " at column " << at + 1
                                               << ", is one half of a surrogate pair");
}

// Returns the character of an escape, or of two that form a surrogate pair (RFC 8259, section 7).
Character escapedCharacter(std::string_view json, size_t at) {
    const uint32_t first = codeUnit(json, at);
    if (isLow(first)) {
        refuseHalf(json, at);
    }
    if (!isHigh(first)) {
        return {first, LENGTH, true};
    }
    const uint32_t second = isEscape(json, at + LENGTH) ? codeUnit(json, at + LENGTH) : 0;
    if (!isLow(second)) {
        refuseHalf(json, at);
    }
    return {0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff), 2 * LENGTH, true};
}

} // namespace

DecodedEscapes::DecodedEscapes(std::string_view json) {
    text_.reserve(json.size());
    for (size_t at = 0; at < json.size();) {
        const Character character =
            isEscape(json, at) ? escapedCharacter(json, at) : Character{0, json[at] == '\\' ? 2U : 1U, true};
        if (character.code < 0x80) {
            text_ += json.substr(at, character.length);
        } else {
            const size_t before = text_.size();
            appendUtf8(text_, character.code);
            shrunk_.emplace_back(text_.size(), character.length - (text_.size() - before));
        }
        at += character.length;
    }
}

size_t DecodedEscapes::original(size_t column) const {
    size_t result = column;
    for (const auto& [length, by] : shrunk_) {
        result += length < column ? by : 0;
    }
    return result;
}

int nestingDepth(std::string_view json) {
    int depth = 0;
    int deepest = 0;
    bool in_string = false;
    for (size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (in_string) {
            i += c == '\\' ? 1 : 0;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            deepest = std::max(deepest, ++depth);
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return deepest;
}

} // namespace user_chk
