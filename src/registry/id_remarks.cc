// SPDX-License-Identifier: MPL-2.0
// Implements the checks of identifiers, and the remarks on them.

#include <registry/id_remarks.h>

#include <exceptions/exceptions.h>

#include <algorithm>

namespace user_chk {

namespace {

constexpr size_t ETHERNET = 6;
constexpr size_t DEFAULT_ID_LENGTH = 4;

void remarkOnHardwareAddress(bool is_prefix, const std::vector<uint8_t>& id,
                             std::vector<std::string>& remarks) {
    if (id.size() == ETHERNET || (is_prefix && id.size() < ETHERNET)) {
        return;
    }
    if (id.size() == ETHERNET + 1 && id.front() == 1) {
        remarks.emplace_back("the id looks like a client identifier, which is 01 and the hardware address; "
                             "clients are looked up by the hardware address alone");
    } else {
        remarks.emplace_back("the id has " + std::to_string(id.size()) +
                             " bytes, but Ethernet addresses have 6: clients are unlikely to match it");
    }
}

void remarkOnDuid(bool is_prefix, const std::vector<uint8_t>& id, std::vector<std::string>& remarks) {
    constexpr size_t LEAST = 3; // two bytes hold the DUID type
    constexpr size_t MOST = 130;
    if ((id.size() < LEAST && !is_prefix) || id.size() > MOST) {
        remarks.emplace_back("the id has " + std::to_string(id.size()) +
                             " bytes, but DUIDs have 3 to 130: no client will match it");
    }
}

} // namespace

UserId defaultIdOf(UserId::UserIdType type) {
    return UserId(type, std::vector<uint8_t>(DEFAULT_ID_LENGTH, 0));
}

bool isDefaultId(IdTag tag, const std::vector<uint8_t>& id) {
    return id.size() == DEFAULT_ID_LENGTH && (tag == UserId::HW_ADDRESS || tag == UserId::DUID) &&
           std::all_of(id.begin(), id.end(), [](uint8_t byte) { return byte == 0; });
}

void checkForId(const Meaning& meaning, IdTag tag, const std::vector<uint8_t>& id) {
    if (!meaning.not_for_default.empty() && isDefaultId(tag, id)) {
        isc_throw(isc::BadValue, meaning.not_for_default);
    }
}

void remarkOnId(IdTag tag, const std::vector<uint8_t>& id, std::vector<std::string>& remarks) {
    const bool is_prefix = tag.kind == UserId::Kind::PREFIX;
    if (tag.kind == UserId::Kind::RANDOM || isDefaultId(tag, id)) {
        return;
    }
    if (tag.type == UserId::HW_ADDRESS) {
        remarkOnHardwareAddress(is_prefix, id, remarks);
    } else if (tag.type == UserId::DUID) {
        remarkOnDuid(is_prefix, id, remarks);
    }
}

} // namespace user_chk
