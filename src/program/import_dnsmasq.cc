// SPDX-License-Identifier: MPL-2.0
// Implements the import of dnsmasq's hosts.

#include <program/given_text.h>
#include <program/hex_notation.h>
#include <program/imported_record.h>

#include <exceptions/exceptions.h>

#include <boost/algorithm/string.hpp>
#include <boost/asio/ip/address_v4.hpp>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace user_chk::program {

namespace {

// A line of a configuration: `KEYWORD=VALUE`, or just a keyword. A line of a file of hosts is just a value.
struct Line {
    std::string keyword;
    std::string value;
};

bool isKeyword(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '-';
    });
}

Line splitLine(const std::string& text) {
    const size_t sign = text.find('=');
    std::string keyword = boost::trim_copy(text.substr(0, sign));
    if (boost::starts_with(keyword, "--")) { // as on a command line
        keyword.erase(0, 2);
    }
    return isKeyword(keyword) && (sign != std::string::npos || !readHex(keyword))
               ? Line{keyword, sign == std::string::npos ? "" : text.substr(sign + 1)}
               : Line{"", text};
}

// Splits a value at commas. A comment begins at a `#` after a blank and ends the value. In quotes, neither is
// special.
std::vector<std::string> itemsOf(const std::string& value) {
    std::vector<std::string> items(1);
    bool is_quoted = false;
    for (size_t at = 0; at < value.size(); ++at) {
        const char c = value[at];
        if (c == '"') {
            is_quoted = !is_quoted;
        } else if (is_quoted && c == '\\' && at + 1 < value.size()) {
            items.back() += value[++at];
        } else if (!is_quoted && c == ',') {
            items.emplace_back();
        } else if (!is_quoted && c == '#' &&
                   (at == 0 || std::isspace(static_cast<unsigned char>(value[at - 1])) != 0)) {
            break;
        } else {
            items.back() += c;
        }
    }
    std::for_each(items.begin(), items.end(), [](std::string& item) { boost::trim(item); });
    return items;
}

std::string whyNot(const std::string& keyword) {
    if (keyword == "dhcp-hostsfile" || keyword == "dhcp-hostsdir" || keyword == "conf-file" ||
        keyword == "conf-dir") {
        return "what it names is not read, import it separately";
    }
    if (boost::starts_with(keyword, "dhcp-option") || boost::starts_with(keyword, "dhcp-boot")) {
        return "options for all clients, or for those with a tag, belong in the server's configuration";
    }
    if (keyword == "dhcp-mac" || keyword == "dhcp-circuitid" || keyword == "dhcp-remoteid" ||
        keyword == "dhcp-subscrid" || keyword == "dhcp-vendorclass" || keyword == "dhcp-userclass") {
        return "it sets a tag and registers no client; use a client class in the server's configuration";
    }
    return "it is about the server, not about a client";
}

// Returns a device's address, or a prefix if its last bytes are `*`. Returns none for anything else.
std::optional<UserId> hardwareAddress(const std::string& text) {
    const size_t star = text.find('*');
    if (star == std::string::npos) {
        const auto bytes = readHex(text);
        const bool has_separators = text.find_first_of(":-.") != std::string::npos;
        constexpr size_t ETHERNET_BYTES = 6;
        return bytes && (bytes->size() == ETHERNET_BYTES || (has_separators && bytes->size() > 1))
                   ? std::make_optional<UserId>(UserId::HW_ADDRESS, *bytes)
                   : std::nullopt;
    }
    if (text.find_first_not_of("*:0123456789abcdefABCDEF") != std::string::npos) {
        return std::nullopt;
    }
    const auto bytes =
        readHex(boost::trim_right_copy_if(text.substr(0, star), [](char c) { return c == ':'; }));
    if (!bytes || text.find_first_not_of("*:", star) != std::string::npos) {
        isc_throw(isc::BadValue,
                  "'" << text << "': a prefix in a record has its bytes before the *, and none after it");
    }
    return UserId(UserId::HW_ADDRESS, *bytes, UserId::Kind::PREFIX);
}

// Whether bytes have the form of a DUID (RFC 8415 section 11), with one of the usual lengths.
bool looksLikeDuid(const std::vector<uint8_t>& bytes) {
    if (bytes.size() < 3 || bytes[0] != 0) {
        return false;
    }
    constexpr size_t TIME_AND_ADDRESS = 14;
    constexpr size_t ADDRESS = 10;
    constexpr size_t ENTERPRISE = 7;
    constexpr size_t UUID = 18;
    switch (bytes[1]) {
    case 1:
        return bytes.size() >= TIME_AND_ADDRESS && bytes[2] == 0;
    case 2:
        return bytes.size() >= ENTERPRISE;
    case 3:
        return bytes.size() >= ADDRESS && bytes[2] == 0;
    case 4:
        return bytes.size() == UUID;
    default:
        return false;
    }
}

bool isV4Address(const std::string& text) {
    boost::system::error_code error;
    boost::asio::ip::make_address_v4(text, error);
    return !error;
}

bool isLeaseTime(const std::string& text) {
    const std::string digits = boost::trim_right_copy_if(
        text, [](char c) { return std::string_view("smhdw").find(c) != std::string_view::npos; });
    return text == "infinite" || (!digits.empty() && text.size() - digits.size() <= 1 &&
                                  digits.find_first_not_of("0123456789") == std::string::npos);
}

bool isHostName(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c >= 0x80;
    });
}

// The content of a line with a host.
class Host {
public:
    Host(size_t line, Import& import) : import_(import) { record_.line = line; }

    // Throws isc::BadValue when a record cannot identify the host.
    void read(const std::vector<std::string>& items) {
        for (const std::string& item : items) {
            if (!item.empty()) {
                readItem(item);
            }
        }
        for (const auto& bytes : client_ids_) {
            const bool is_duid = looksLikeDuid(bytes) || (has_v6_ && !has_v4_);
            record_.addId(UserId(is_duid ? UserId::DUID : UserId::CLIENT_ID, bytes));
        }
        if (record_.ids.empty()) {
            isc_throw(isc::BadValue, "there is no hardware address and no client identifier");
        }
    }

    // Passes the record on.
    void take() {
        for (const std::string& remark : remarks_) {
            import_.leaveOut(record_.line, remark);
        }
        import_.take(std::move(record_));
    }

private:
    void readItem(const std::string& item) {
        if (boost::starts_with(item, "id:")) {
            readClientId(item.substr(3));
        } else if (boost::starts_with(item, "set:") || boost::starts_with(item, "net:")) {
            record_.addClass(item.substr(4), record_.line);
        } else if (boost::starts_with(item, "tag:")) {
            isc_throw(isc::BadValue, "'" << item << "': a record applies whatever classes the client is in");
        } else if (item == "ignore") {
            record_.attributes["access"] = {"deny", record_.line};
        } else if (!readAddress(item) && !readHardware(item)) {
            readWord(item);
        }
    }

    void readClientId(const std::string& text) {
        if (text == "*") { // the hardware address alone identifies the client, as in a record
            return;
        }
        const auto bytes = text.find(':') != std::string::npos ? readHex(text) : bytesOf(text);
        if (!bytes || bytes->empty()) {
            isc_throw(isc::BadValue, "'id:" << text << "' is not a client identifier");
        }
        client_ids_.push_back(*bytes);
    }

    bool readAddress(const std::string& item) {
        const bool is_v6 = item.front() == '[' && item.back() == ']';
        if (!is_v6 && !isV4Address(item)) {
            return false;
        }
        (is_v6 ? has_v6_ : has_v4_) = true;
        remarks_.push_back("the address " + item + " is left out: a record assigns no address");
        return true;
    }

    // The address may have its hardware type in front, if that is not Ethernet.
    bool readHardware(const std::string& item) {
        const size_t dash = item.find('-');
        const bool has_type = dash != std::string::npos && item.find(':') != std::string::npos && dash <= 2 &&
                              readHex(item.substr(0, dash));
        const std::string type = has_type ? item.substr(0, dash) : std::string();
        const auto id = hardwareAddress(item.substr(has_type ? dash + 1 : 0));
        if (!id) {
            return false;
        }
        record_.addId(*id);
        if (has_type && type != "01" && type != "1") {
            remarks_.push_back("the type of hardware " + type +
                               " is left out: a record does not distinguish types");
        }
        return true;
    }

    void readWord(const std::string& item) {
        if (isLeaseTime(item)) {
            remarks_.push_back("the lease time " + item + " is left out: a record has none");
        } else if (isHostName(item) && record_.attributes.count("hostname") == 0) {
            record_.attributes["hostname"] = {item, record_.line};
        } else {
            isc_throw(isc::BadValue, "'" << item << "' is not known");
        }
    }

    Import& import_;
    ImportedRecord record_;
    std::vector<std::vector<uint8_t>> client_ids_;
    std::vector<std::string> remarks_; // on what the record lacks
    bool has_v4_ = false;
    bool has_v6_ = false;
};

void importLine(const std::string& text, size_t number, Import& import) {
    const Line line = splitLine(text);
    if (!line.keyword.empty() && line.keyword != "dhcp-host") {
        import.leaveOut(number, line.keyword + " is not carried over: " + whyNot(line.keyword));
        return;
    }
    try {
        Host host(number, import);
        host.read(itemsOf(line.value));
        host.take();
    } catch (const isc::BadValue& ex) {
        import.leaveOut(number, std::string("not carried over: ") + ex.what());
    }
}

} // namespace

void importDnsmasq(const std::string& text, Import& import) {
    for (Lines lines(text); lines.next();) {
        const std::string line = boost::trim_copy(std::string(lines.text()));
        if (!line.empty() && line.front() != '#') {
            importLine(line, lines.number(), import);
        }
    }
}

} // namespace user_chk::program
