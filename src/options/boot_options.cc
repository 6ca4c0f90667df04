// SPDX-License-Identifier: MPL-2.0
// Implements boot attributes as options of a response.

#include <options/boot_options.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/docsis3_option_defs.h>
#include <dhcp/option6_addrlst.h>
#include <dhcp/option_string.h>
#include <dhcp/option_vendor.h>
#include <exceptions/exceptions.h>

#include <boost/algorithm/string.hpp>
#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

namespace user_chk {

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace {

// Returns an attribute as an option can carry it: Kea's string options end before their trailing NUL bytes.
std::string bootAttribute(const PropertyMap& attributes, const std::string& name) {
    const auto attribute = attributes.find(name);
    if (attribute == attributes.end()) {
        return std::string();
    }
    return attribute->second.substr(0, attribute->second.find_last_not_of('\0') + 1);
}

// Replaces all options with this code, in a packet or in another option.
template <typename Holder>
void replaceOption(Holder& holder, const OptionPtr& option) {
    while (holder.delOption(option->getType())) {
    }
    holder.addOption(option);
}

// Returns the vendor-opts option for DOCSIS codes, a null pointer when the response has none.
OptionVendorPtr docsisVendorOptions(Pkt6& response) {
    OptionVendorPtr chosen;
    for (const auto& option : response.getOptions(D6O_VENDOR_OPTS)) {
        const auto vendor = boost::dynamic_pointer_cast<OptionVendor>(option.second);
        if (vendor && (!chosen || vendor->getVendorId() == VENDOR_ID_CABLE_LABS)) {
            chosen = vendor;
        }
    }
    return chosen;
}

OptionPtr tftpServersOption(const std::string& servers) {
    if (const auto addresses = parseIpv6Addresses(servers)) {
        return boost::make_shared<Option6AddrLst>(DOCSIS3_V6_TFTP_SERVERS, *addresses);
    }
    return boost::make_shared<OptionString>(Option::V6, DOCSIS3_V6_TFTP_SERVERS, servers);
}

} // namespace

void setBootOptions(Pkt4& response, const PropertyMap& attributes) {
    const std::string bootfile = bootAttribute(attributes, BOOTFILE);
    if (!bootfile.empty()) {
        replaceOption(response, boost::make_shared<OptionString>(Option::V4, DHO_BOOT_FILE_NAME, bootfile));
        if (bootfile.size() < Pkt4::MAX_FILE_LEN) { // a NUL ends it
            const std::vector<uint8_t> bytes(bootfile.begin(), bootfile.end());
            response.setFile(bytes.data(), bytes.size());
        }
    }
    const std::string tftp_server = bootAttribute(attributes, TFTP_SERVER);
    if (!tftp_server.empty()) {
        replaceOption(response,
                      boost::make_shared<OptionString>(Option::V4, DHO_TFTP_SERVER_NAME, tftp_server));
    }
}

void setBootOptions(Pkt6& response, const PropertyMap& attributes) {
    const OptionVendorPtr vendor = docsisVendorOptions(response);
    if (!vendor) {
        return;
    }
    const std::string bootfile = bootAttribute(attributes, BOOTFILE);
    if (!bootfile.empty()) {
        replaceOption(*vendor,
                      boost::make_shared<OptionString>(Option::V6, DOCSIS3_V6_CONFIG_FILE, bootfile));
    }
    const std::string tftp_server = bootAttribute(attributes, TFTP_SERVER);
    if (!tftp_server.empty()) {
        replaceOption(*vendor, tftpServersOption(tftp_server));
    }
}

std::optional<std::vector<IOAddress>> parseIpv6Addresses(const std::string& text) {
    std::vector<std::string> parts;
    boost::split(parts, text, boost::is_any_of(","));
    std::vector<IOAddress> addresses;
    for (std::string& part : parts) {
        boost::trim(part);
        try {
            addresses.emplace_back(part);
        } catch (const isc::Exception&) {
            return std::nullopt;
        }
        if (!addresses.back().isV6()) {
            return std::nullopt;
        }
    }
    return addresses;
}

void remarkOnTftpServer(const PropertyMap& attributes, std::vector<std::string>& remarks) {
    const std::string tftp_server = bootAttribute(attributes, TFTP_SERVER);
    if (!tftp_server.empty() && !parseIpv6Addresses(tftp_server)) {
        remarks.push_back(
            "tftp_server '" + tftp_server +
            "' is not a list of IPv6 addresses; it is sent as text, which devices may not understand");
    }
}

} // namespace user_chk
