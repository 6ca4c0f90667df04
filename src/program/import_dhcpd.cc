// SPDX-License-Identifier: MPL-2.0
// Implements the import of the hosts and subclasses of ISC's dhcpd.

#include <program/dhcpd_option.h>
#include <program/dhcpd_syntax.h>
#include <program/hex_notation.h>
#include <program/imported_record.h>

#include <exceptions/exceptions.h>

#include <boost/algorithm/string.hpp>
#include <boost/asio/ip/address_v4.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace user_chk::program {

using isc::dhcp::Option;

namespace {

constexpr uint8_t ETHERNET = 1;

// An attribute that a statement sets.
struct Setting {
    std::string name;
    std::string value;
    size_t line;
    std::optional<Option::Universe> universe; // the protocol of an option
    bool is_used = false;
};

// The statements of a group, including those of the enclosing groups.
struct Group {
    std::vector<Setting> settings;
    Group* around = nullptr;
};

std::string onlyValue(const DhcpdStatement& statement, size_t words) {
    if (statement.words.size() != words + 1) {
        isc_throw(isc::BadValue, "must have one value that is not an expression");
    }
    return statement.words.back().text;
}

std::string addressOf(const std::string& text) {
    boost::system::error_code error;
    boost::asio::ip::make_address_v4(text, error);
    if (error) {
        isc_throw(isc::BadValue, "a record needs an IPv4 address here, not a name");
    }
    return text;
}

// Converts a statement of a host or of a group. Throws isc::BadValue saying why it cannot be converted.
Setting settingOf(const DhcpdStatement& statement) {
    const std::string first = statement.word(0);
    const size_t line = statement.line;
    if (!statement.error.empty() || statement.is_block) {
        isc_throw(isc::BadValue, (statement.is_block ? "a record has no conditions" : statement.error));
    }
    if (first == "option") {
        const DhcpdOption option = dhcpdOption(statement);
        return {option.name, option.value, line, option.universe};
    }
    if (first == "filename") {
        return {"bootfile", onlyValue(statement, 1), line, std::nullopt};
    }
    if (first == "next-server") {
        return {"next-server", addressOf(onlyValue(statement, 1)), line, Option::V4};
    }
    if (statement.word(1) == "booting" && statement.words.size() == 2) {
        return {"access", first == "allow" ? "allow" : "deny", line, std::nullopt};
    }
    static const std::map<std::string, const char*> REASONS = {
        {"fixed-address", "a record assigns no address"},
        {"fixed-address6", "a record assigns no address"},
        {"fixed-prefix6", "a record assigns no prefix"},
        {"server-name", "no attribute sets the field sname; tftp_server sets option 66"},
        {"default-lease-time", "a record has no lease time"},
        {"max-lease-time", "a record has no lease time"},
        {"min-lease-time", "a record has no lease time"}};
    const auto reason = REASONS.find(first);
    isc_throw(isc::BadValue, (reason != REASONS.end() ? reason->second : "no attribute does that"));
}

// What the members of a class have in common, according to `match`.
enum class Match { NOTHING_KNOWN, HARDWARE, HARDWARE_PREFIX, CLIENT_ID, EITHER, CIRCUIT_ID, REMOTE_ID };

Match matchOf(const DhcpdStatement& statement) {
    static const std::map<std::string, Match> MATCHES = {
        {"match hardware", Match::HARDWARE},
        {"match option dhcp-client-identifier", Match::CLIENT_ID},
        {"match pick-first-value(option dhcp-client-identifier,hardware)", Match::EITHER},
        {"match pick-first-value(hardware,option dhcp-client-identifier)", Match::EITHER},
        {"match option agent.circuit-id", Match::CIRCUIT_ID},
        {"match option agent.remote-id", Match::REMOTE_ID}};
    std::string text;
    bool after_sign = true;
    for (const DhcpdWord& word : statement.words) {
        text += (after_sign || word.is_sign ? "" : " ") + word.text;
        after_sign = word.is_sign;
    }
    if (boost::starts_with(text, "match substring(hardware,1,")) {
        return Match::HARDWARE_PREFIX;
    }
    const auto found = MATCHES.find(text);
    return found == MATCHES.end() ? Match::NOTHING_KNOWN : found->second;
}

class HostReader {
public:
    explicit HostReader(Import& import) : import_(import) {}

    void read(const std::vector<DhcpdStatement>& statements) {
        readBody(statements, nullptr, true);
        for (const DhcpdStatement* subclass : subclasses_) {
            tryReading(*subclass, [&] { readSubclass(*subclass); });
        }
        for (ImportedRecord& record : records_) {
            import_.take(std::move(record));
        }
    }

private:
    // Handles a statement, or remarks on why it is not imported.
    template <typename Reading>
    void tryReading(const DhcpdStatement& statement, const Reading& reading) {
        try {
            reading();
        } catch (const isc::Exception& ex) {
            import_.leaveOut(statement.line, statement.text() + " is left out: " + ex.what());
        }
    }

    // Reads everything outside of hosts. Remarks on statements about the server, except for those in a block
    // that was already remarked on.
    void readBody(const std::vector<DhcpdStatement>& statements, Group* group, bool is_named) {
        for (const DhcpdStatement& statement : statements) {
            const std::string first = statement.word(0);
            if (!statement.error.empty()) {
                import_.leaveOut(statement.is_block ? statement.last_line : statement.line,
                                 statement.text() + ": " + statement.error);
            }
            if (statement.is_block && first == "host") {
                readHost(statement, group);
            } else if (statement.is_block && first == "group") {
                readGroup(statement, group);
            } else if (first == "subclass") {
                subclasses_.push_back(&statement);
            } else if (statement.is_block) {
                readOther(statement, group, is_named);
            } else if (group == nullptr && is_named && statement.error.empty()) {
                import_.leaveOut(statement.line,
                                 statement.text() + " is not carried over: " +
                                     (first == "include" ? "that file is not read, import it separately"
                                                         : "it is about the server"));
            }
        }
    }

    void readOther(const DhcpdStatement& block, Group* group, bool is_named) {
        if (block.word(0) == "class") {
            for (const DhcpdStatement& statement : block.body) {
                if (statement.word(0) == "match") {
                    classes_[block.word(1)] = matchOf(statement);
                }
            }
        }
        if (is_named || block.word(0) == "class") {
            const std::string end =
                block.last_line > block.line ? ", to line " + std::to_string(block.last_line) + "," : "";
            import_.leaveOut(block.line, block.text() + end + " is not carried over: it is about the server");
        }
        readBody(block.body, group, false); // hosts inherit from groups only
    }

    void readGroup(const DhcpdStatement& block, Group* around) {
        Group group;
        group.around = around;
        for (const DhcpdStatement& statement : block.body) {
            const std::string first = statement.word(0);
            if (!statement.is_block && first != "subclass" && statement.error.empty()) {
                tryReading(statement, [&] { group.settings.push_back(settingOf(statement)); });
            }
        }
        readBody(block.body, &group, true);
        for (const Setting& setting : group.settings) {
            if (!setting.is_used) {
                import_.leaveOut(setting.line, setting.name + " is left out: no host in the group uses it");
            }
        }
    }

    void readHost(const DhcpdStatement& block, Group* group) {
        ImportedRecord record;
        record.line = block.line;
        record.attributes["hostname"] = {block.word(1), block.line};
        std::vector<Setting> settings;
        for (const DhcpdStatement& statement : block.body) {
            tryReading(statement, [&] {
                if (!readId(statement, record)) {
                    settings.push_back(settingOf(statement));
                }
            });
        }
        const bool is_deleted =
            std::any_of(block.body.begin(), block.body.end(),
                        [](const DhcpdStatement& one) { return one.word(0) == "deleted"; });
        if (record.ids.empty() || is_deleted) {
            import_.leaveOut(
                block.line,
                block.text() + ", to line " + std::to_string(block.last_line) + ", is not carried over: " +
                    (is_deleted ? "it is deleted" : "it has no identifier that a record can have"));
            return;
        }
        for (const Setting& setting : settings) {
            set(record, setting);
        }
        for (; group != nullptr; group = group->around) {
            for (Setting& setting : group->settings) {
                if (record.attributes.count(setting.name) == 0) {
                    set(record, setting);
                    setting.is_used = true;
                }
            }
        }
        add(std::move(record));
    }

    void add(ImportedRecord record) {
        for (const UserId& id : record.ids) {
            index_.emplace(id, records_.size());
        }
        records_.push_back(std::move(record));
    }

    // An option of the other protocol does not go into a record.
    void set(ImportedRecord& record, const Setting& setting) {
        const bool is_v6 = record.ids.front().getType() == UserId::DUID;
        if (setting.universe && (*setting.universe == Option::V6) != is_v6) {
            import_.leaveOut(setting.line, setting.name + " is left out of the record of line " +
                                               std::to_string(record.line) + ": a record with a " +
                                               (is_v6 ? "DUID has DHCPv6 options only"
                                                      : "hardware address has DHCPv4 options only"));
            return;
        }
        record.attributes[setting.name] = {setting.value, setting.line};
    }

    // Reads an identifier. Returns false when the statement is something else.
    bool readId(const DhcpdStatement& statement, ImportedRecord& record) {
        const std::string first = statement.error.empty() ? statement.word(0) : "";
        if (first == "hardware") {
            readHardware(statement, record);
        } else if (first == "host-identifier") {
            readIdentifier(statement, record);
        } else if (first == "option" && statement.word(1) == "dhcp-client-identifier") {
            record.addId(idOf(UserId::CLIENT_ID, statement, 2));
        } else {
            return false;
        }
        return true;
    }

    static UserId idOf(UserId::UserIdType type, const DhcpdStatement& statement, size_t at) {
        if (statement.words.size() != at + 1) {
            isc_throw(isc::BadValue, "must have one value that is not an expression");
        }
        return {type, dhcpdBytes(statement.words.back())};
    }

    void readHardware(const DhcpdStatement& statement, ImportedRecord& record) {
        const UserId id = idOf(UserId::HW_ADDRESS, statement, 2);
        const bool has_one = std::any_of(record.ids.begin(), record.ids.end(), [](const UserId& one) {
            return one.getType() == UserId::HW_ADDRESS;
        });
        if (has_one) {
            isc_throw(isc::BadValue, "the host already has another hardware address");
        }
        record.ids.insert(record.ids.begin(), id);
        if (statement.word(1) != "ethernet") {
            import_.leaveOut(statement.line, "the type of hardware " + statement.word(1) +
                                                 " is left out: a record does not distinguish types");
        }
    }

    static void readIdentifier(const DhcpdStatement& statement, ImportedRecord& record) {
        static const std::map<std::string, UserId::UserIdType> TYPES = {
            {"option dhcp6.client-id", UserId::DUID},
            {"option dhcp-client-identifier", UserId::CLIENT_ID},
            {"option agent.circuit-id", UserId::CIRCUIT_ID},
            {"option agent.remote-id", UserId::REMOTE_ID},
            {"v6relopt 1 dhcp6.interface-id", UserId::INTERFACE_ID}};
        std::string kind;
        for (size_t word = 1; word + 1 < statement.words.size(); ++word) {
            kind += (word == 1 ? "" : " ") + statement.word(word);
        }
        const auto found = TYPES.find(kind);
        if (found == TYPES.end()) {
            isc_throw(isc::BadValue, "it is not a known type of identifier");
        }
        record.addId(idOf(found->second, statement, statement.words.size() - 1));
    }

    // Puts a client into a class. Uses the client's record, or creates one.
    void readSubclass(const DhcpdStatement& subclass) {
        if (!subclass.error.empty() || subclass.words.size() != 3) {
            isc_throw(isc::BadValue,
                      (subclass.error.empty() ? "must be a class and an identifier" : subclass.error));
        }
        const UserId id = memberOf(subclass);
        const auto found = index_.find(id);
        ImportedRecord made;
        made.line = subclass.line;
        made.ids = {id};
        ImportedRecord& record = found != index_.end() ? records_[found->second] : made;
        record.addClass(subclass.word(1), subclass.line);
        for (const DhcpdStatement& statement : subclass.body) {
            tryReading(statement, [&] {
                const Setting setting = settingOf(statement);
                if (record.attributes.count(setting.name) != 0) {
                    isc_throw(isc::BadValue,
                              "line " << record.attributes.at(setting.name).line << " already sets it");
                }
                set(record, setting);
            });
        }
        if (found == index_.end()) {
            add(std::move(made));
        }
    }

    UserId memberOf(const DhcpdStatement& subclass) {
        const auto known = classes_.find(subclass.word(1));
        const Match match = known == classes_.end() ? Match::NOTHING_KNOWN : known->second;
        std::vector<uint8_t> bytes = dhcpdBytes(subclass.words.back());
        switch (match) {
        case Match::EITHER:
            if (bytes.size() != 7 || bytes.front() != ETHERNET) {
                return {UserId::CLIENT_ID, bytes};
            }
            [[fallthrough]];
        case Match::HARDWARE:
            if (bytes.size() < 2 || bytes.front() != ETHERNET) {
                isc_throw(isc::BadValue, "must be an Ethernet address, with 1: before it");
            }
            bytes.erase(bytes.begin());
            return {UserId::HW_ADDRESS, bytes};
        case Match::HARDWARE_PREFIX:
            return {UserId::HW_ADDRESS, bytes, UserId::Kind::PREFIX};
        case Match::CLIENT_ID:
            return {UserId::CLIENT_ID, bytes};
        case Match::CIRCUIT_ID:
            return {UserId::CIRCUIT_ID, bytes};
        case Match::REMOTE_ID:
            return {UserId::REMOTE_ID, bytes};
        default:
            isc_throw(isc::BadValue, "the class is unknown, or does not match by a known type of identifier");
        }
    }

    Import& import_;
    std::vector<ImportedRecord> records_;
    std::map<UserId, size_t> index_; // the record that has an id
    std::vector<const DhcpdStatement*> subclasses_;
    std::map<std::string, Match> classes_;
};

} // namespace

void importDhcpd(const std::string& text, Import& import) {
    const std::vector<DhcpdStatement> statements = readDhcpd(text);
    HostReader(import).read(statements);
}

} // namespace user_chk::program
