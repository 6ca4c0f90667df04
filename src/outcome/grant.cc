// SPDX-License-Identifier: MPL-2.0
// Implements the text form of grants.

#include <outcome/grant.h>

namespace user_chk {

void appendText(std::string& text, const Grant& grant) {
    text.append("id_type=");
    text.append(grant.id_type == UserId::HW_ADDRESS ? UserId::HW_ADDRESS_STR : UserId::DUID_STR);
    text.append("\nclient=").append(grant.client);
    text.append("\naddr=").append(grant.address);
    text.append(grant.registered ? "\nregistered=yes\n\n" : "\nregistered=no\n\n");
}

} // namespace user_chk
