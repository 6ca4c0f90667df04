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

// Groups of whole bytes with one separator between groups: the grammar read group by group, not digit by
// digit as the library does it. None where the text is no id.
std::optional<Bytes> bytesByGrammar(const std::string& text) {
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

void checkRoundTrip(const UserId& id) {
    expect(id == UserId(id.getType(), id.toText()), "plain text makes the same id");
    expect(id == UserId(id.getType(), id.toText(':')), "text with colons makes the same id");
    expect(id == UserId(id.getType(), id.toText('-')), "text with dashes makes the same id");
    expect(id.toText().size() == id.getId().size() * 2, "plain text is two digits a byte");
    std::ostringstream printed;
    printed << id;
    expect(printed.str() == UserId::lookupTypeStr(id.getType()) + "=" + id.toText(), "prints TYPE=TEXT");
}

void checkText(UserId::UserIdType type, const std::string& text) {
    const std::optional<Bytes> bytes = bytesByGrammar(text);
    const auto error = errorOf<isc::BadValue>([&] {
        const UserId id(type, text);
        expect(bytes.has_value(), "accepted only what the grammar accepts");
        expect(id == UserId(type, *bytes), "the same bytes as by the grammar");
        checkRoundTrip(id);
    });
    expect(error.has_value() != bytes.has_value(), "refused only what the grammar refuses");
}

} // namespace
} // namespace user_chk

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    user_chk::checkText(user_chk::UserId::HW_ADDRESS, text);
    user_chk::checkText(user_chk::UserId::DUID, text);
    return 0;
}
