// SPDX-License-Identifier: MPL-2.0
// Makes texts of any origin safe to show on a terminal.

#include <program/terminal_text.h>

#include <system/utf8.h>

#include <cstdint>
#include <cstdio>
#include <iostream>

namespace user_chk::program {

namespace {

// Characters that can make a text look like another one: line ends, and those of Unicode's bidirectional
// algorithm.
bool deceives(uint32_t code) {
    return code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

} // namespace

std::string shown(std::string_view text) {
    std::string result;
    for (size_t at = 0; at < text.size();) {
        const Character character = characterAt(text, at);
        if (character.is_utf8 && deceives(character.code)) {
            char escape[7];
            static_cast<void>(
                std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(character.code)));
            result += escape;
        } else {
            result += printable(text.substr(at, character.length));
        }
        at += character.length;
    }
    return result;
}

size_t lengthInCharacters(std::string_view text) {
    size_t count = 0;
    for (size_t at = 0; at < text.size(); at += characterAt(text, at).length) {
        ++count;
    }
    return count;
}

std::string shellWord(const std::string& text) {
    static const char* const PLAIN =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_";
    if (!text.empty() && text.find_first_not_of(PLAIN) == std::string::npos) {
        return text;
    }
    std::string word = "'";
    for (const char c : text) {
        c == '\'' ? word += R"('\'')" : word += c;
    }
    return word + '\'';
}

void tell(const std::string& text) {
    std::cerr << "kea-user-chk: " << shown(text) << '\n';
}

} // namespace user_chk::program
