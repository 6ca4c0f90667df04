// SPDX-License-Identifier: MPL-2.0
// Defines Stranger: what is known of a client that was not treated as a registered one.

#ifndef USER_CHK_AUDIT_STRANGER_H
#define USER_CHK_AUDIT_STRANGER_H

#include <audit/grant.h>
#include <identity/id_list.h>

#include <user.h>

#include <asiolink/io_address.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace user_chk {

/// @brief What a query tells of its client, and of where the client is.
struct StrangerTraits {
    IdList others;                                   ///< every identifier except the one in the list
    std::string interface;                           ///< the interface that the query came in by
    std::optional<isc::asiolink::IOAddress> relay{}; ///< the address that identifies a relayed client's link
    std::string hostname;                            ///< the client's host name, empty for none
    std::string vendor_class; ///< the client's vendor class (RFC 2132 option 60, RFC 8415 option 16)

    /// @brief Makes all of them empty, and keeps their memory.
    void clear() {
        others.clear();
        relay.reset();
        for (std::string* text : {&interface, &hostname, &vendor_class}) {
            text->clear();
        }
    }
};

/// @brief A client that was not treated as a registered one.
struct Stranger {
    /// @brief A point in time.
    typedef std::chrono::system_clock::time_point Time;

    UserId id;                           ///< the id by which it is listed
    Time first;                          ///< when it was first seen since it is listed
    Time last;                           ///< when it was last seen
    uint64_t queries = 0;                ///< number of queries since then
    const char* standing = "";           ///< last standing, as in user-chk-explain; not deleted
    const char* reason = "";             ///< the same in words; not deleted
    std::optional<uint32_t> subnet_id{}; ///< where it was last placed, none for nowhere
    std::vector<GrantedLease> leases{};  ///< the addresses and prefixes last granted
    StrangerTraits traits{};             ///< what its last described query told of it
};

} // namespace user_chk

#endif // USER_CHK_AUDIT_STRANGER_H
