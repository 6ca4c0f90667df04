// SPDX-License-Identifier: MPL-2.0
// Defines Stranger, what is known of a client that is not treated as a registered one.

#ifndef USER_CHK_AUDIT_STRANGER_H
#define USER_CHK_AUDIT_STRANGER_H

#include <audit/grant.h>

#include <user.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace user_chk {

/// @brief What a query tells of its client and of where that is.
struct StrangerTraits {
    std::vector<UserId> others; ///< every identifier but the one that the client is listed by
    std::string interface;      ///< the interface that the query came in by
    std::string relay;          ///< the address that tells the relayed client's link, empty for none
    std::string hostname;       ///< how the client calls itself, empty for not at all
    std::string vendor_class;   ///< what it says of its vendor (RFC 2132 option 60, RFC 8415 option 16)

    /// @brief Makes all of them empty; keeps their memory.
    void clear() {
        others.clear();
        for (std::string* text : {&interface, &relay, &hostname, &vendor_class}) {
            text->clear();
        }
    }
};

/// @brief A client that was not treated as a registered one.
struct Stranger {
    /// @brief A point in time.
    typedef std::chrono::system_clock::time_point Time;

    UserId id;                           ///< what it is listed by
    Time first;                          ///< when it was first seen, since it is listed
    Time last;                           ///< when it was last seen
    uint64_t queries = 0;                ///< how many there were since then
    const char* standing = "";           ///< how it stood last, as user-chk-explain says it; not deleted
    const char* reason = "";             ///< the same in words; not deleted
    std::optional<uint32_t> subnet_id{}; ///< where it was placed last, none for nowhere
    std::vector<GrantedLease> leases{};  ///< the addresses and prefixes that it was granted last
    StrangerTraits traits{};             ///< what it told of itself last
};

} // namespace user_chk

#endif // USER_CHK_AUDIT_STRANGER_H
