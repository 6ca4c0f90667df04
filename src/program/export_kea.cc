// SPDX-License-Identifier: MPL-2.0
// Implements the export of a registry as host reservations of Kea.

#include <program/exported.h>
#include <program/hex_notation.h>

#include <identity/id_text.h>
#include <kea_compat.h>
#include <options/option_definitions.h>
#include <options/user_options.h>
#include <policy/attribute_names.h>
#include <policy/user_rules.h>
#include <registry/id_remarks.h>
#include <registry/other_ids.h>
#include <source/record_line.h>

#include <cc/data.h>
#include <exceptions/exceptions.h>

#include <boost/algorithm/string.hpp>
#include <boost/make_shared.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace user_chk::program {

using isc::data::Element;
using isc::data::ElementPtr;

namespace {

std::string jsonString(const std::string& text) {
    std::string json;
    appendJsonString(json, text);
    return json;
}

// Kea's JSON writes bytes beyond ASCII as Latin-1 characters.
ElementPtr textElement(const std::string& text) {
    return boost::make_shared<kea::WrittenString>(text, jsonString(text));
}

// Escapes the name of a member, which Kea does not do.
std::string memberName(const std::string& name) {
    const std::string json = jsonString(name);
    return json.substr(1, json.size() - 2);
}

// The class that Kea gives to clients with a reservation.
constexpr const char* KNOWN = "KNOWN";

struct Daemon {
    const char* name;
    bool is_v4;
    std::map<isc::dhcp::SubnetID, ElementPtr> reservations; // by subnet, 0 for all subnets

    void add(isc::dhcp::SubnetID subnet, const ElementPtr& reservation) {
        ElementPtr& list = reservations[subnet];
        list = list ? list : Element::createList();
        list->add(reservation);
    }
};

// Returns the name of a type in Kea's reservations; empty when the server does not have it.
std::string keaName(UserId::UserIdType type, bool is_v4) {
    switch (type) {
    case UserId::HW_ADDRESS:
        return is_v4 ? "hw-address" : "";
    case UserId::DUID:
        return is_v4 ? "" : "duid";
    case UserId::CLIENT_ID:
        return is_v4 ? "client-id" : "";
    case UserId::CIRCUIT_ID:
        return is_v4 ? "circuit-id" : "";
    case UserId::FLEX_ID:
        return "flex-id";
    default:
        return "";
    }
}

// Returns why a record cannot become a reservation at all, empty if it can. A reservation without the
// record's limits would admit a client that the record does not admit.
std::string whyNotAtAll(const RegistryRecord& record) {
    if (isDefaultId(IdTag(record.id), record.id.getId())) {
        return "it is the record of the default user, not of a client";
    }
    for (const char* const name : {"access", "expires", "starts", "shared-networks"}) {
        const auto found = record.attributes.find(name);
        if (found != record.attributes.end() && !(found->first == "access" && found->second == "allow")) {
            return "a reservation has no " + found->first;
        }
    }
    return "";
}

class Writer {
public:
    Writer(const RegistryRecord& record, const LeaveOut& leave_out)
        : record_(record), leave_out_(leave_out) {}

    // Creates a reservation for each of its ids.
    void writeTo(std::array<Daemon, 2>& servers) {
        const std::string reason = whyNotAtAll(record_);
        if (!reason.empty()) {
            leave_out_(record_.line, "not carried over: " + reason);
            return;
        }
        const auto scope = Scope::parse(record_.attributes);
        const std::vector<isc::dhcp::SubnetID> subnets =
            scope ? scope->subnets : std::vector<isc::dhcp::SubnetID>{isc::dhcp::SUBNET_ID_GLOBAL};
        std::vector<UserId> ids = otherIdsIn(record_.id, record_.attributes);
        ids.insert(ids.begin(), record_.id);
        for (const UserId& id : ids) {
            bool is_taken = false;
            for (Daemon& server : servers) {
                const std::string name = keaName(id.getType(), server.is_v4);
                if (id.getKind() == UserId::Kind::EXACT && !name.empty()) {
                    for (const isc::dhcp::SubnetID subnet : subnets) {
                        server.add(subnet, reservation(name, id, server));
                    }
                    is_taken = true;
                }
            }
            if (!is_taken) {
                leave_out_(record_.line, textOf(id) + " is not carried over: Kea has no reservations for " +
                                             (id.getKind() == UserId::Kind::EXACT ? "such identifiers"
                                                                                  : "many clients at once"));
            }
        }
    }

private:
    ElementPtr reservation(const std::string& name, const UserId& id, const Daemon& server) {
        ElementPtr made = Element::createMap(); // a map for each, since they are shared with nobody
        made->set(name, textElement(id.toText(id.getType() == UserId::FLEX_ID ? 0 : ':')));
        const ElementPtr options = Element::createList();
        const ElementPtr notes = Element::createMap();
        for (const auto& [attribute, value] : record_.attributes) {
            add(attribute, value, server, made, options, notes);
        }
        if (!options->empty()) {
            made->set("option-data", options);
        }
        if (made->size() == 1) { // Kea 2.2 rejects an empty reservation
            addClasses(KNOWN, made);
        }
        if (!notes->mapValue().empty()) {
            made->set("user-context", notes);
        }
        return made;
    }

    void add(const std::string& name, const std::string& value, const Daemon& server, const ElementPtr& made,
             const ElementPtr& options, const ElementPtr& notes) {
        if (name == OTHER_IDS || name == "access" || name == "subnets") {
            return;
        }
        if (name == "client-classes") {
            addClasses(value, made);
        } else if (boost::starts_with(name, "option.")) {
            addOption(name.substr(7), value, server, options);
        } else if (name == "bootfile" && server.is_v4) {
            addBootFile(value, made, options);
        } else if (name == "hostname" || (name == "next-server" && server.is_v4)) {
            made->set(name, textElement(value));
        } else if (name == "tftp_server" && server.is_v4) {
            options->add(textOption("tftp-server-name", value));
        } else if (hasMeaning(name)) {
            remark(name + " is left out: a reservation of DHCPv6 has none");
        } else {
            notes->set(memberName(name), textElement(value));
        }
    }

    // Kea's field for the boot file has limited size.
    static void addBootFile(const std::string& value, const ElementPtr& made, const ElementPtr& options) {
        constexpr size_t MOST = 127;
        if (value.size() <= MOST) {
            made->set("boot-file-name", textElement(value));
        } else {
            options->add(textOption("boot-file-name", value));
        }
    }

    // As bytes, if Kea would treat some characters as special.
    static ElementPtr textOption(const std::string& name, const std::string& text) {
        const bool is_plain =
            text.find_first_of(",\\") == std::string::npos && !boost::istarts_with(text, "0x");
        return option("", name, is_plain ? text : writtenAsHex(bytesOf(text)));
    }

    static void addClasses(const std::string& value, const ElementPtr& made) {
        const ElementPtr list = Element::createList();
        for (const isc::dhcp::ClientClass& name :
             UserRules::parse({{"client-classes", value}}).client_classes) {
            list->add(textElement(name));
        }
        made->set("client-classes", list);
    }

    // The options of a record are those of its id's protocol.
    void addOption(std::string name, const std::string& value, const Daemon& server,
                   const ElementPtr& options) {
        if ((record_.id.getType() == UserId::DUID) == server.is_v4) {
            remark("option." + name + " is left out of " + server.name +
                   ": it belongs to the other protocol");
            return;
        }
        std::string space;
        const size_t dot = name.find('.');
        if (boost::starts_with(name, "vendor-") && dot != std::string::npos) {
            space = name.substr(0, dot);
            name.erase(0, dot + 1);
        }
        if (isDefined("option." + (space.empty() ? "" : space + ".") + name, value, server)) {
            options->add(option(space, name, value));
        }
    }

    // Kea rejects a configuration with an unknown option.
    bool isDefined(const std::string& attribute, const std::string& value, const Daemon& server) {
        const auto universe = server.is_v4 ? isc::dhcp::Option::V4 : isc::dhcp::Option::V6;
        std::vector<std::string> remarks;
        const bool is_defined = UserOptions::parse({{attribute, value}},
                                                   OptionDefinitions::standard(universe), remarks) != nullptr;
        if (!is_defined) {
            remark(attribute +
                   " is left out: Kea itself has no definition of it, only a server's configuration may");
        }
        return is_defined;
    }

    static ElementPtr option(const std::string& space, const std::string& name, const std::string& value) {
        ElementPtr made = Element::createMap();
        if (!space.empty()) {
            made->set("space", textElement(space));
        }
        constexpr size_t LONGEST = 5;
        const bool is_code =
            name.size() <= LONGEST && name.find_first_not_of("0123456789") == std::string::npos;
        if (is_code && !name.empty()) {
            made->set("code", Element::create(static_cast<int64_t>(std::stol(name))));
        } else {
            made->set("name", textElement(name));
        }
        const bool is_hex = boost::istarts_with(value, "0x");
        made->set("csv-format", Element::create(!is_hex));
        made->set("data", textElement(is_hex ? value.substr(2) : value));
        made->set("always-send", Element::create(true));
        return made;
    }

    // Only once, even if a record becomes several reservations.
    void remark(const std::string& text) {
        if (std::find(remarks_.begin(), remarks_.end(), text) == remarks_.end()) {
            remarks_.push_back(text);
            leave_out_(record_.line, text);
        }
    }

    const RegistryRecord& record_;
    const LeaveOut& leave_out_;
    std::vector<std::string> remarks_;
};

// Returns the part of a server's configuration with the reservations: global ones, and those of subnets.
ElementPtr sectionOf(const Daemon& server) {
    ElementPtr section = Element::createMap();
    const ElementPtr subnets = Element::createList();
    for (const auto& [id, reservations] : server.reservations) {
        if (id == isc::dhcp::SUBNET_ID_GLOBAL) {
            section->set("reservations", reservations);
            continue;
        }
        const ElementPtr subnet = Element::createMap();
        subnet->set("id", Element::create(static_cast<int64_t>(id)));
        subnet->set("reservations", reservations);
        subnets->add(subnet);
    }
    if (!subnets->empty()) {
        section->set(server.is_v4 ? "subnet4" : "subnet6", subnets);
    }
    return section;
}

} // namespace

void exportKea(const std::vector<RegistryRecord>& records, std::ostream& out, const LeaveOut& leave_out) {
    std::array<Daemon, 2> servers = {{{"Dhcp4", true, {}}, {"Dhcp6", false, {}}}};
    for (const RegistryRecord& record : records) {
        try {
            Writer(record, leave_out).writeTo(servers);
        } catch (const isc::Exception& ex) {
            leave_out(record.line, std::string("not carried over: ") + ex.what());
        }
    }
    const ElementPtr all = Element::createMap();
    for (const Daemon& server : servers) {
        if (!server.reservations.empty()) {
            all->set(server.name, sectionOf(server));
        }
    }
    out << isc::data::prettyPrint(all) << '\n';
}

} // namespace user_chk::program
