// SPDX-License-Identifier: MPL-2.0
// Implements the parsing of hex digits.

#include <program/hex_notation.h>

#include <identity/id_text.h>

#include <exceptions/exceptions.h>

#include <boost/algorithm/string.hpp>

#include <algorithm>
#include <charconv>

namespace user_chk::program {

namespace {

constexpr std::string_view DIGITS = "0123456789abcdefABCDEF";

// Appends the bytes of digits without separators.
void appendBytes(const std::string& digits, std::vector<uint8_t>& bytes) {
    for (size_t at = 0; at < digits.size(); at += 2) {
        uint8_t byte = 0;
        std::from_chars(digits.data() + at, digits.data() + at + 2, byte, 16);
        bytes.push_back(byte);
    }
}

// Splits digits into groups; returns none when they are separated by more than one kind of separator, or by
// anything else.
std::vector<std::string> groupsOf(const std::string& text) {
    std::vector<std::string> groups;
    const size_t first = text.find_first_not_of(DIGITS);
    const char separator = first == std::string::npos ? ':' : text[first];
    if (std::string_view(":-. ").find(separator) == std::string_view::npos) {
        return groups;
    }
    boost::split(groups, text, [separator](char c) { return c == separator; });
    const bool good = std::all_of(groups.begin(), groups.end(), [](const std::string& group) {
        return !group.empty() && group.find_first_not_of(DIGITS) == std::string::npos;
    });
    return good ? groups : std::vector<std::string>();
}

// In groups of one byte, a leading 0 may be missing. All other groups are as long as the first. A single
// group consists of whole bytes.
bool padGroups(std::vector<std::string>& groups) {
    const bool are_bytes =
        groups.size() > 1 &&
        std::all_of(groups.begin(), groups.end(), [](const auto& group) { return group.size() <= 2; });
    for (std::string& group : groups) {
        if (are_bytes && group.size() == 1) {
            group.insert(0, 1, '0');
        }
    }
    return !groups.empty() && groups.front().size() % 2 == 0 &&
           std::all_of(groups.begin(), groups.end(),
                       [&](const std::string& group) { return group.size() == groups.front().size(); });
}

} // namespace

std::optional<std::vector<uint8_t>> readHex(std::string_view text) {
    std::string rest(text);
    boost::trim(rest);
    if (boost::istarts_with(rest, "0x")) {
        rest.erase(0, 2);
    }
    std::vector<std::string> groups = groupsOf(rest);
    if (!padGroups(groups)) {
        return std::nullopt;
    }
    std::vector<uint8_t> bytes;
    for (const std::string& group : groups) {
        appendBytes(group, bytes);
    }
    return bytes;
}

std::string writtenAsHex(const std::vector<uint8_t>& bytes) {
    std::string text = "0x";
    appendId(text, bytes, 0);
    return text;
}

std::vector<uint8_t> bytesOf(std::string_view text) {
    return {text.begin(), text.end()};
}

UserId readId(UserId::UserIdType type, const std::string& text) {
    try {
        return {type, text};
    } catch (const isc::BadValue&) {
        if (const auto bytes = readHex(text)) {
            return {type, *bytes};
        }
        throw;
    }
}

} // namespace user_chk::program
