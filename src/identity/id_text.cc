// SPDX-License-Identifier: MPL-2.0
// Implements the text form of identifiers.

#include <identity/id_text.h>

#include <exceptions/exceptions.h>

#include <array>

namespace user_chk {

namespace {

// The values of hex digits by character, -1 for all other characters.
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

// Returns the value of a hex digit, -1 for any other character.
int hexDigit(char c) {
    static constexpr std::array<int8_t, 256> DIGITS = hexDigits();
    return DIGITS[static_cast<uint8_t>(c)];
}

// How the bytes of an id are separated.
struct Notation {
    char separator;
    size_t group;  // how many bytes form a group
    bool optional; // whether the separator may be missing
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

// Appends the bytes of hex digits; `is_open` tells that a prefix ends here. Returns false for any other form.
bool readDigits(std::string_view text, bool is_open, std::vector<uint8_t>& bytes) {
    const Notation notation = notationOf(text);
    size_t at = 0;
    while (at < text.size()) {
        if (!bytes.empty() && bytes.size() % notation.group == 0) {
            if (text[at] == notation.separator) {
                ++at;
            } else if (!notation.optional) {
                return false;
            }
            if (is_open && at == text.size()) {
                return true;
            }
        }
        const int high = at < text.size() ? hexDigit(text[at]) : -1;
        const int low = at + 1 < text.size() ? hexDigit(text[at + 1]) : -1;
        if (high < 0 || low < 0) {
            return false;
        }
        bytes.push_back(static_cast<uint8_t>(high * 16 + low));
        at += 2;
    }
    return is_open || bytes.size() % notation.group == 0;
}

constexpr char QUOTE = '\'';

// Appends the bytes of a string in quotes. Returns false for any other form.
bool readQuoted(std::string_view text, std::vector<uint8_t>& bytes) {
    if (text.find(QUOTE, 1) + 1 != text.size()) { // also true when there is no closing quote
        return false;
    }
    bytes.assign(text.begin() + 1, text.end() - 1);
    return true;
}

constexpr std::string_view RANDOM = "random";

UserId::Kind readRandom(UserId::UserIdType type, std::vector<uint8_t>& bytes) {
    if (type != UserId::HW_ADDRESS) {
        isc_throw(isc::BadValue, "invalid id 'random', must be of type "
                                     << UserId::HW_ADDRESS_STR << ": it stands for hardware addresses");
    }
    bytes.assign(1, RANDOM_ID);
    return UserId::Kind::RANDOM;
}

} // namespace

UserId::Kind parseId(UserId::UserIdType type, std::string_view text, std::vector<uint8_t>& bytes) {
    bytes.clear();
    if (text == RANDOM) {
        return readRandom(type, bytes);
    }
    const bool is_prefix = !text.empty() && text.back() == '*';
    const std::string_view rest = text.substr(0, text.size() - (is_prefix ? 1 : 0));
    const bool is_quoted = !rest.empty() && rest.front() == QUOTE;
    if (is_quoted ? !readQuoted(rest, bytes) : !readDigits(rest, is_prefix, bytes)) {
        isc_throw(isc::BadValue, "invalid id '"
                                     << text
                                     << "', must be pairs of hex digits with nothing, ':' or '-' between "
                                        "bytes, or groups of four with '.', or a text in single quotes");
    }
    if (is_prefix && bytes.empty()) {
        isc_throw(isc::BadValue, "invalid id '" << text
                                                << "', a prefix may not be empty: for all clients without a "
                                                   "record there is the default user");
    }
    return is_prefix ? UserId::Kind::PREFIX : UserId::Kind::EXACT;
}

void appendIdText(std::string& text, IdTag tag, const std::vector<uint8_t>& bytes, char delim) {
    if (tag.kind == UserId::Kind::RANDOM) {
        text += RANDOM;
        return;
    }
    appendId(text, bytes, delim);
    if (tag.kind == UserId::Kind::PREFIX) {
        text.append(delim != 0 ? 1 : 0, delim);
        text += '*';
    }
}

char* writeId(const std::vector<uint8_t>& bytes, char delim, char* to) {
    static const char DIGITS[] = "0123456789abcdef";
    const size_t step = delim != 0 ? 3 : 2;
    for (const uint8_t byte : bytes) {
        to[0] = DIGITS[byte >> 4];
        to[1] = DIGITS[byte & 0x0f];
        to[2] = delim; // without a delimiter, the next byte, or nobody, takes this place
        to += step;
    }
    return bytes.empty() ? to : to - (step - 2);
}

void appendId(std::string& text, const std::vector<uint8_t>& bytes, char delim) {
    const size_t length = text.size();
    text.resize(length + 3 * bytes.size());
    const char* end = writeId(bytes, delim, text.data() + length);
    text.resize(static_cast<size_t>(end - text.data()));
}

std::string textOf(const UserId& id) {
    return UserId::lookupTypeStr(id.getType()) + "=" + id.toText();
}

} // namespace user_chk
