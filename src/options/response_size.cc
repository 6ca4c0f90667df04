// SPDX-License-Identifier: MPL-2.0
// Implements the check of what a response has room for.

#include <options/response_size.h>

#include <options/dress.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <exceptions/exceptions.h>

#include <boost/algorithm/string/predicate.hpp>

#include <string>

namespace user_chk {

using namespace isc::dhcp;

namespace {

// An upper bound of the bytes that the attributes add to a response. No option text grows by a larger factor
// than an IPv6 address, which may be written as "::".
size_t atMost(const PropertyMap& attributes) {
    constexpr size_t GROWTH = 8;
    size_t length = 0;
    for (const auto& [name, value] : attributes) {
        if (boost::starts_with(name, "option.")) {
            length += GROWTH * (value.size() + 2);
        } else if (name == BOOTFILE || name == TFTP_SERVER) {
            length += 2 * value.size(); // with room for the headers of its parts
        }
    }
    return length;
}

// Returns how many bytes the attributes add to a response.
template <typename Pkt>
size_t measure(Pkt&& response, const PropertyMap& attributes, const UserOptions& options) {
    response.pack();
    const size_t without = response.getBuffer().getLength();
    dress(response, attributes, &options);
    response.pack();
    return response.getBuffer().getLength() - without;
}

size_t bytesOf(Option::Universe universe, const PropertyMap& attributes, const UserOptions& options) {
    try {
        return universe == Option::V4 ? measure(Pkt4(DHCPACK, 0), attributes, options)
                                      : measure(Pkt6(DHCPV6_REPLY, 0), attributes, options);
    } catch (const std::exception& ex) { // Kea's classes do not expect such values
        isc_throw(isc::BadValue, "invalid attributes: their options cannot be sent: " << ex.what());
    }
}

} // namespace

void checkSize(Option::Universe universe, const PropertyMap& attributes, const UserOptions& options,
               std::vector<std::string>& remarks) {
    const size_t most = universe == Option::V4 ? MOST_OPTIONS4 : MOST_OPTIONS6;
    if (atMost(attributes) <= most - USUAL_ROOM) {
        return; // nearly always: no response has to be built
    }
    const size_t bytes = bytesOf(universe, attributes, options);
    if (bytes > most) {
        isc_throw(isc::BadValue, "invalid attributes: their options take "
                                     << bytes << " bytes of a response, must be at most " << most);
    }
    if (bytes > most - USUAL_ROOM) {
        remarks.push_back("the options take " + std::to_string(bytes) +
                          " bytes of a response: if the server's own options need more than the " +
                          std::to_string(most - bytes) + " bytes that are left, Kea cannot send it");
    }
}

} // namespace user_chk
