// SPDX-License-Identifier: MPL-2.0
// Creates lines of a registry file, and ids.

#ifndef USER_CHK_TESTS_SUPPORT_RECORDS_H
#define USER_CHK_TESTS_SUPPORT_RECORDS_H

#include <user.h>

#include <string>

namespace user_chk::test {

// Returns the line of a user with a hardware address, including its line end; `more` has further members,
// each after a comma.
inline std::string record(const std::string& id, const std::string& more = "") {
    return R"({"type":"HW_ADDR","id":")" + id + "\"" + more + "}\n";
}

inline UserId hwAddress(const std::string& id) {
    return UserId(UserId::HW_ADDRESS, id);
}

} // namespace user_chk::test

#endif // USER_CHK_TESTS_SUPPORT_RECORDS_H
