// SPDX-License-Identifier: MPL-2.0
// Implements the text form of the outcome record.

#include <audit/record_forms.h>

#include <audit/record_text.h>
#include <identity/id_text.h>

namespace user_chk {

namespace {

// As Kea's own text forms have the client; HWAddr::toText() goes through a stream.
void appendClient(std::string& text, const Grant& grant) {
    if (grant.hw_type) {
        text.append("hwtype=");
        appendNumber(text, *grant.hw_type);
        text.push_back(' ');
    }
    appendId(text, grant.id.getId(), ':');
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
        text.append(textOf(lease));
        text.append(grant.registered ? "\nregistered=yes\n\n" : "\nregistered=no\n\n");
    }
    return text;
}

} // namespace user_chk
