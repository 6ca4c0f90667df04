// SPDX-License-Identifier: MPL-2.0
// Implements the text form of grants.

#include <outcome/grant.h>

namespace user_chk {

std::string formatText(const std::vector<Grant>& grants) {
    std::string text;
    for (const Grant& grant : grants) {
        text += "id_type=" + UserId::lookupTypeStr(grant.id_type) + "\n";
        text += "client=" + grant.client + "\n";
        text += "addr=" + grant.address + "\n";
        text += std::string("registered=") + (grant.registered ? "yes" : "no") + "\n\n";
    }
    return text;
}

} // namespace user_chk
