// SPDX-License-Identifier: MPL-2.0
// Implements the checks of identifiers, and the remarks on them.

#include <registry/id_remarks.h>

#include <exceptions/exceptions.h>

#include <algorithm>

namespace user_chk {

namespace {

constexpr size_t ETHERNET = 6;

void remarkOnHardwareAddress(const std::vector<uint8_t>& id, std::vector<std::string>& remarks) {
    if (id.size() == ETHERNET) {
        return;
    }
    if (id.size() == ETHERNET + 1 && id.front() == 1) {
        remarks.emplace_back("the id looks like a client identifier, which is 01 and the hardware address; "
                             "clients are known by the hardware address alone");
    } else {
        remarks.emplace_back("the id has " + std::to_string(id.size()) +
                             " bytes, hardware addresses of Ethernet have 6: clients will hardly match it");
    }
}

void remarkOnDuid(const std::vector<uint8_t>& id, std::vector<std::string>& remarks) {
    constexpr size_t LEAST = 3; // two of them tell the kind
    constexpr size_t MOST = 130;
    if (id.size() < LEAST || id.size() > MOST) {
        remarks.emplace_back("the id has " + std::to_string(id.size()) +
                             " bytes, DUIDs have 3 to 130: no client will match it");
    }
}

} // namespace

bool isDefaultId(UserId::UserIdType type, const std::vector<uint8_t>& id) {
    return (type == UserId::HW_ADDRESS || type == UserId::DUID) && id.size() == 4 &&
           std::all_of(id.begin(), id.end(), [](uint8_t byte) { return byte == 0; });
}

void checkForId(const Meaning& meaning, UserId::UserIdType type, const std::vector<uint8_t>& id) {
    if (!meaning.not_for_default.empty() && isDefaultId(type, id)) {
        isc_throw(isc::BadValue, meaning.not_for_default);
    }
}

void remarkOnId(UserId::UserIdType type, const std::vector<uint8_t>& id, std::vector<std::string>& remarks) {
    if (type == UserId::HW_ADDRESS && !isDefaultId(type, id)) {
        remarkOnHardwareAddress(id, remarks);
    } else if (type == UserId::DUID) { // the default user's has a length that DUIDs may have
        remarkOnDuid(id, remarks);
    }
}

} // namespace user_chk
