// SPDX-License-Identifier: MPL-2.0
// Implements the text form of the outcome record.

#include <audit/record_forms.h>

#include <array>
#include <charconv>

namespace user_chk {

namespace {

void appendNumber(std::string& text, unsigned number) {
    std::array<char, 10> digits;
    text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

// As IOAddress::toText() has it, for IPv4 without its detour through a stream.
void appendAddress(std::string& text, const isc::asiolink::IOAddress& address) {
    if (!address.isV4()) {
        text.append(address.toText());
        return;
    }
    const uint32_t number = address.toUint32();
    for (const int shift : {24, 16, 8}) {
        appendNumber(text, (number >> shift) & 0xff);
        text.push_back('.');
    }
    appendNumber(text, number & 0xff);
}

// As Kea's own text forms have the client; HWAddr::toText() takes longer than all the rest of the callout.
void appendClient(std::string& text, const Grant& grant) {
    if (grant.hw_type) {
        text.append("hwtype=");
        appendNumber(text, *grant.hw_type);
        text.push_back(' ');
    }
    text.append(grant.id.toText(':'));
}

} // namespace

std::string textRecords(const Grant& grant) {
    constexpr size_t TYPICAL = 160;
    std::string text;
    text.reserve(grant.leases.size() * TYPICAL);
    for (const GrantedLease& lease : grant.leases) {
        text.append(grant.id.getType() == UserId::HW_ADDRESS ? "id_type=HW_ADDR\nclient="
                                                             : "id_type=DUID\nclient=");
        appendClient(text, grant);
        text.append("\naddr=");
        appendAddress(text, lease.address);
        if (lease.prefix_length != 0) {
            text.push_back('/');
            appendNumber(text, lease.prefix_length);
        }
        text.append(grant.registered ? "\nregistered=yes\n\n" : "\nregistered=no\n\n");
    }
    return text;
}

} // namespace user_chk
