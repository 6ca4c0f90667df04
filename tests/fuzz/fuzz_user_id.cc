// SPDX-License-Identifier: MPL-2.0
// Fuzzes the text form of ids: accepted exactly where the grammar of user.h says so, and with the same bytes.

#include <fuzz/expect.h>
#include <user.h>

#include <exceptions/exceptions.h>

#include <sstream>

namespace user_chk {
namespace {

using fuzz::errorOf;
using fuzz::expect;
using Bytes = std::vector<uint8_t>;

const std::string DIGITS = "00112233445566778899aAbBcCdDeEfF";

bool isHexPairs(const std::string& text) {
    return !text.empty() && text.size() % 2 == 0 && text.find_first_not_of(DIGITS) == std::string::npos;
}

// How many digits may stand between two separators of a kind: with colons any number of pairs.
bool isLength(size_t digits, char separator) {
    return separator == '-' ? digits == 2 : separator == '.' ? digits == 4 : true;
}

// Parses groups of whole bytes with one separator between them: group by group, not digit by digit as the
// library does. Returns none when the text is not an id.
std::optional<Bytes> bytesOfDigits(const std::string& text) {
    const size_t first = text.find_first_of("-.");
    const char separator = first == std::string::npos ? ':' : text[first];
    Bytes bytes;
    std::istringstream groups(text + separator);
    for (std::string group; std::getline(groups, group, separator);) {
        if (!isHexPairs(group) || !isLength(group.size(), separator)) {
            return std::nullopt;
        }
        for (size_t at = 0; at < group.size(); at += 2) {
            const size_t high = DIGITS.find(group[at]) / 2;
            const size_t low = DIGITS.find(group[at + 1]) / 2;
            bytes.push_back(static_cast<uint8_t>(high * 16 + low));
        }
    }
    return bytes;
}

// The part before the `*` of a prefix may end with a separator, and in dotted notation also within a group.
std::optional<Bytes> bytesOfStart(std::string text) {
    if (const auto bytes = bytesOfDigits(text)) {
        return bytes;
    }
    if (text.size() > 4 && text[4] == '.' && text.size() % 5 == 2) { // half a group
        const auto bytes = bytesOfDigits(text + "00");
        return bytes ? std::make_optional(Bytes(bytes->begin(), bytes->end() - 1)) : std::nullopt;
    }
    const char separator = text.size() > 2 && text[2] == '-'   ? '-'
                           : text.size() > 4 && text[4] == '.' ? '.'
                                                               : ':';
    if (text.empty() || text.back() != separator) {
        return std::nullopt;
    }
    text.pop_back();
    return bytesOfDigits(text);
}

struct Meaning {
    Bytes bytes;
    UserId::Kind kind;
};

std::optional<Meaning> meaningByGrammar(UserId::UserIdType type, std::string text) {
    if (text == "random") {
        return type == UserId::HW_ADDRESS ? std::make_optional(Meaning{{2}, UserId::Kind::RANDOM})
                                          : std::nullopt;
    }
    const bool is_prefix = !text.empty() && text.back() == '*';
    if (is_prefix) {
        text.pop_back();
    }
    std::optional<Bytes> bytes;
    if (text.size() > 2 && text.front() == '\'' && text.find('\'', 1) == text.size() - 1) {
        bytes.emplace(text.begin() + 1, text.end() - 1);
    } else {
        bytes = is_prefix ? bytesOfStart(text) : bytesOfDigits(text);
    }
    return bytes ? std::make_optional(Meaning{*bytes, is_prefix ? UserId::Kind::PREFIX : UserId::Kind::EXACT})
                 : std::nullopt;
}

void checkRoundTrip(const UserId& id) {
    expect(id == UserId(id.getType(), id.toText()), "plain text makes the same id");
    expect(id == UserId(id.getType(), id.toText(':')), "text with colons makes the same id");
    expect(id == UserId(id.getType(), id.toText('-')), "text with dashes makes the same id");
    const size_t stars = id.getKind() == UserId::Kind::PREFIX ? 1 : 0;
    expect(id.getKind() == UserId::Kind::RANDOM || id.toText().size() == id.getId().size() * 2 + stars,
           "plain text is two digits a byte");
    std::ostringstream printed;
    printed << id;
    expect(printed.str() == UserId::lookupTypeStr(id.getType()) + "=" + id.toText(), "prints TYPE=TEXT");
}

void checkText(UserId::UserIdType type, const std::string& text) {
    const std::optional<Meaning> meaning = meaningByGrammar(type, text);
    const auto error = errorOf<isc::BadValue>([&] {
        const UserId id(type, text);
        expect(meaning.has_value(), "accepted only what the grammar accepts");
        expect(id == UserId(type, meaning->bytes, meaning->kind), "the same bytes as by the grammar");
        checkRoundTrip(id);
    });
    expect(error.has_value() != meaning.has_value(), "refused only what the grammar refuses");
}

} // namespace
} // namespace user_chk

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    user_chk::checkText(user_chk::UserId::HW_ADDRESS, text);
    user_chk::checkText(user_chk::UserId::DUID, text);
    return 0;
}
