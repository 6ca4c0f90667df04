// SPDX-License-Identifier: MPL-2.0
// Implements the text form of grants.

#include <outcome/grant.h>

namespace user_chk {

std::string formatText(const std::vector<Grant>& grants) {
    constexpr size_t TYPICAL_RECORD = 120;
    std::string text;
    text.reserve(grants.size() * TYPICAL_RECORD);
    for (const Grant& grant : grants) {
        text.append("id_type=");
        text.append(grant.id_type == UserId::HW_ADDRESS ? UserId::HW_ADDRESS_STR : UserId::DUID_STR);
        text.append("\nclient=").append(grant.client);
        text.append("\naddr=").append(grant.address);
        text.append(grant.registered ? "\nregistered=yes\n\n" : "\nregistered=no\n\n");
    }
    return text;
}

} // namespace user_chk
