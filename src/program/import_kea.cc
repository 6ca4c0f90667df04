// SPDX-License-Identifier: MPL-2.0
// Implements the import of Kea's host reservations.

#include <program/hex_notation.h>
#include <program/imported_record.h>
#include <program/kea_json.h>

#include <options/option_definitions.h>
#include <policy/attribute_names.h>

#include <cc/data.h>
#include <dhcp/libdhcp++.h>
#include <dhcp/option.h>
#include <dhcp/option_space.h>
#include <exceptions/exceptions.h>

#include <boost/algorithm/string.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace user_chk::program {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::dhcp::Option;

namespace {

size_t lineAt(const ConstElementPtr& element) {
    return element->getPosition().line_;
}

// Returns the text of a value of any type.
std::string scalarText(const ConstElementPtr& element) {
    return element->getType() == Element::string ? element->stringValue() : element->str();
}

// The context of reservations.
struct Place {
    std::optional<Option::Universe> universe; // none if it is not known
    std::optional<int64_t> subnet;            // none for all subnets
};

// A record, and the subnets for which it is reserved; none for all.
struct Reserved {
    ImportedRecord record;
    std::set<int64_t> subnets;
};

// Returns the attribute for an option. Throws isc::BadValue when there is none for its option space.
std::string optionName(const ConstElementPtr& data) {
    const ConstElementPtr space = data->get("space");
    const std::string of = space ? scalarText(space) : "";
    std::string name = "option.";
    if (boost::starts_with(of, "vendor-") && isc::dhcp::LibDHCP::optionSpaceToVendorId(of) != 0) {
        name += of + ".";
    } else if (!of.empty() && of != DHCP4_OPTION_SPACE && of != DHCP6_OPTION_SPACE) {
        isc_throw(isc::BadValue, "no attribute sets an option of the space " << of);
    }
    const ConstElementPtr key = data->contains("name") ? data->get("name") : data->get("code");
    if (!key) {
        isc_throw(isc::BadValue, "it has neither a name nor a code");
    }
    return name + scalarText(key);
}

bool isDefined(const std::string& space, const ConstElementPtr& code, Option::Universe universe) {
    return code->getType() == Element::integer && code->intValue() > 0 && code->intValue() <= 65535 &&
           OptionDefinitions::standard(universe).find(space, static_cast<uint16_t>(code->intValue()));
}

// Whether the value is bytes. By default, it is if Kea has no definition for the code.
bool isBytes(const ConstElementPtr& data, const std::optional<Option::Universe>& universe) {
    if (data->contains("csv-format")) {
        const ConstElementPtr csv = data->get("csv-format");
        return csv->getType() == Element::boolean && !csv->boolValue();
    }
    if (data->contains("name") || !data->contains("code")) {
        return false;
    }
    const Option::Universe of = universe.value_or(Option::V4);
    const std::string own = of == Option::V4 ? DHCP4_OPTION_SPACE : DHCP6_OPTION_SPACE;
    return !isDefined(data->contains("space") ? scalarText(data->get("space")) : own, data->get("code"), of);
}

std::string optionValue(const ConstElementPtr& data, const std::optional<Option::Universe>& universe) {
    std::string text = data->contains("data") ? scalarText(data->get("data")) : "";
    if (text.empty() || !isBytes(data, universe)) {
        return text;
    }
    const std::string trimmed = boost::trim_copy(text);
    if (trimmed.size() > 1 && trimmed.front() == '\'' && trimmed.back() == '\'') {
        return writtenAsHex(bytesOf(trimmed.substr(1, trimmed.size() - 2)));
    }
    const auto bytes = readHex(text);
    return bytes ? writtenAsHex(*bytes) : text;
}

class ReservationReader {
public:
    explicit ReservationReader(Import& import) : import_(import) {}

    void read(const ConstElementPtr& all) {
        if (all->getType() == Element::list) {
            readReservations(all, Place());
        } else if (all->getType() == Element::map) {
            readMap(all, Place());
        } else {
            isc_throw(isc::BadValue, "neither a configuration of Kea nor a list of reservations");
        }
        for (Reserved& reserved : reserved_) {
            takeReserved(reserved);
        }
    }

private:
    // Visits everything that may have reservations: configurations, subnets, shared networks, answers to
    // commands.
    void readMap(const ConstElementPtr& map, const Place& place) {
        for (const auto& [name, value] : map->mapValue()) {
            Place inside = place;
            if (name == "Dhcp4" || name == "subnet4") {
                inside.universe = Option::V4;
            } else if (name == "Dhcp6" || name == "subnet6") {
                inside.universe = Option::V6;
            }
            if (name == "reservations" || name == "hosts") {
                readReservations(value, place);
            } else if (name == "subnet4" || name == "subnet6") {
                forEachMap(value, [&](const ConstElementPtr& subnet) { readSubnet(subnet, inside); });
            } else if (name == "shared-networks") {
                forEachMap(value, [&](const ConstElementPtr& network) { readMap(network, inside); });
            } else if ((name == "Dhcp4" || name == "Dhcp6" || name == "arguments") &&
                       value->getType() == Element::map) {
                readMap(value, inside);
            }
        }
    }

    template <typename Doing>
    void forEachMap(const ConstElementPtr& list, const Doing& doing) {
        if (list->getType() != Element::list) {
            import_.leaveOut(lineAt(list), "must be a list");
            return;
        }
        for (const ConstElementPtr element : list->listValue()) {
            if (element->getType() == Element::map) {
                doing(element);
            } else {
                import_.leaveOut(lineAt(element), element->str() + " is not carried over: must be a map");
            }
        }
    }

    void readSubnet(const ConstElementPtr& subnet, Place place) {
        place.subnet = idOfSubnet(subnet->get("id"));
        const ConstElementPtr reservations = subnet->get("reservations");
        if (!place.subnet && reservations && reservations->getType() == Element::list &&
            !reservations->empty()) {
            import_.leaveOut(lineAt(subnet),
                             "its reservations become records that apply everywhere: the subnet has "
                             "no id that a record could name");
        }
        readMap(subnet, place);
    }

    // Returns none when it has no id of its own; 0 stands for all subnets.
    static std::optional<int64_t> idOfSubnet(const ConstElementPtr& id) {
        return id && id->getType() == Element::integer && id->intValue() != 0
                   ? std::make_optional(id->intValue())
                   : std::nullopt;
    }

    void readReservations(const ConstElementPtr& list, const Place& place) {
        forEachMap(list, [&](const ConstElementPtr& reservation) {
            try {
                readReservation(reservation, place);
            } catch (const isc::Exception& ex) {
                import_.leaveOut(lineAt(reservation), std::string("not carried over: ") + ex.what());
            }
        });
    }

    void readReservation(const ConstElementPtr& reservation, Place place) {
        ImportedRecord record;
        record.line = lineAt(reservation);
        addIds(reservation, record);
        for (const auto& [name, value] : reservation->mapValue()) {
            if (name == "subnet-id") {
                place.subnet = idOfSubnet(value);
            } else if (!isIdentifier(name)) {
                readMember(name, value, place, record);
            }
        }
        dropVendorNumber(record);
        keep(std::move(record), place.subnet);
    }

    static const std::map<std::string, UserId::UserIdType>& identifiers() {
        static const std::map<std::string, UserId::UserIdType> IDENTIFIERS = {
            {"hw-address", UserId::HW_ADDRESS},
            {"duid", UserId::DUID},
            {"client-id", UserId::CLIENT_ID},
            {"circuit-id", UserId::CIRCUIT_ID},
            {"flex-id", UserId::FLEX_ID}};
        return IDENTIFIERS;
    }

    static bool isIdentifier(const std::string& name) { return identifiers().count(name) != 0; }

    static void addIds(const ConstElementPtr& reservation, ImportedRecord& record) {
        for (const auto& [name, type] : identifiers()) {
            if (const ConstElementPtr id = reservation->get(name)) {
                record.addId(readId(type, boost::trim_copy(scalarText(id))));
            }
        }
        if (record.ids.empty()) {
            isc_throw(isc::BadValue, "the reservation has no identifier");
        }
    }

    void readMember(const std::string& name, const ConstElementPtr& value, const Place& place,
                    ImportedRecord& record) {
        const size_t line = lineAt(value);
        if (name == "client-classes" && value->getType() == Element::list) {
            addClasses(value, record);
        } else if (name == "option-data" && value->getType() == Element::list) {
            forEachMap(value, [&](const ConstElementPtr& data) { addOption(data, place, record); });
        } else if (name == "user-context" && value->getType() == Element::map) {
            addNotes(value, record);
        } else if (name == "hostname" || name == "boot-file-name") {
            set(record, name == "hostname" ? name : "bootfile", scalarText(value), line);
        } else if (name == "next-server") {
            set(record, name, scalarText(value) == "0.0.0.0" ? "" : scalarText(value), line);
        } else if (!isEmpty(value)) {
            import_.leaveOut(line, name + " is left out: " + whyNot(name) + ": " + value->str());
        }
    }

    static bool isEmpty(const ConstElementPtr& value) {
        return (value->getType() == Element::list && value->empty()) ||
               (value->getType() == Element::string && value->stringValue().empty());
    }

    static std::string whyNot(const std::string& name) {
        if (name == "ip-address" || name == "ip-addresses" || name == "prefixes" ||
            name == "excluded-prefixes") {
            return "a record assigns no address";
        }
        if (name == "server-hostname") {
            return "no attribute sets the field sname; tftp_server sets option 66";
        }
        return "no attribute does that";
    }

    static void set(ImportedRecord& record, const std::string& name, const std::string& value, size_t line) {
        if (!value.empty()) {
            record.attributes[name] = {value, line};
        }
    }

    void addClasses(const ConstElementPtr& list, ImportedRecord& record) {
        for (const ConstElementPtr name : list->listValue()) {
            if (scalarText(name) == "KNOWN") { // Kea assigns it to all clients with a reservation
                continue;
            }
            try {
                record.addClass(scalarText(name), lineAt(name));
            } catch (const isc::BadValue& ex) {
                import_.leaveOut(lineAt(name), ex.what());
            }
        }
    }

    // Keeps what others have noted on the client, as far as it is text.
    void addNotes(const ConstElementPtr& context, ImportedRecord& record) {
        for (const auto& [name, value] : context->mapValue()) {
            const bool is_note = value->getType() == Element::string && !name.empty() && name != "type" &&
                                 name != "id" && !hasMeaning(name) && record.attributes.count(name) == 0;
            if (is_note) {
                record.attributes[name] = {value->stringValue(), lineAt(value)};
            } else {
                import_.leaveOut(lineAt(value),
                                 name +
                                     " of the user context is left out: it is not a string, or its "
                                     "name has another meaning: " +
                                     value->str());
            }
        }
    }

    void addOption(const ConstElementPtr& data, const Place& place, ImportedRecord& record) {
        try {
            const bool is_v6 = record.ids.front().getType() == UserId::DUID;
            const std::string name = optionName(data);
            if (place.universe && (*place.universe == Option::V6) != is_v6) {
                isc_throw(isc::BadValue,
                          "a record with a " << (is_v6 ? "DUID has DHCPv6 options only"
                                                       : "hardware address has DHCPv4 options only"));
            }
            for (const char* const refused : {"never-send", "client-classes"}) {
                const ConstElementPtr value = data->get(refused);
                if (value && !isEmpty(value) && value->str() != "false") {
                    isc_throw(isc::BadValue, "a record always sends its options, it has no " << refused);
                }
            }
            if (record.attributes.count(name) != 0) {
                isc_throw(isc::BadValue, "it occurs twice");
            }
            record.attributes[name] = {optionValue(data, place.universe), lineAt(data)};
        } catch (const isc::BadValue& ex) {
            import_.leaveOut(lineAt(data),
                             "an option is left out: " + std::string(ex.what()) + ": " + data->str());
        }
    }

    // Kea needs the vendor before the vendor's options; a record creates the vendor option by itself.
    static void dropVendorNumber(ImportedRecord& record) {
        for (const char* const name :
             {"option.vivso-suboptions", "option.125", "option.vendor-opts", "option.17"}) {
            const auto found = record.attributes.find(name);
            const std::string vendor =
                found == record.attributes.end() ? "" : "option.vendor-" + found->second.text + ".";
            const auto option = record.attributes.lower_bound(vendor);
            if (!vendor.empty() && option != record.attributes.end() &&
                boost::starts_with(option->first, vendor)) {
                record.attributes.erase(found);
            }
        }
    }

    // A client with reservations in several subnets becomes one record.
    void keep(ImportedRecord record, const std::optional<int64_t>& subnet) {
        const auto [at, is_new] = index_.emplace(record.ids, reserved_.size());
        if (is_new) {
            reserved_.push_back({std::move(record), {}});
        } else if (!(reserved_[at->second].record.attributes == record.attributes)) {
            reserved_.push_back({std::move(record), {}}); // later found to be a duplicate
            reserved_.back().subnets.insert(subnet.value_or(0));
            return;
        }
        reserved_[at->second].subnets.insert(subnet.value_or(0));
    }

    void takeReserved(Reserved& reserved) {
        std::string subnets;
        for (const int64_t id : reserved.subnets) {
            subnets += (subnets.empty() ? "" : ",") + std::to_string(id);
        }
        if (reserved.subnets.count(0) == 0) {
            reserved.record.attributes["subnets"] = {subnets, reserved.record.line};
        }
        import_.take(std::move(reserved.record));
    }

    Import& import_;
    std::vector<Reserved> reserved_;
    std::map<std::vector<UserId>, size_t> index_;
};

} // namespace

void importKea(const std::string& text, Import& import) {
    const ConstElementPtr all = readKeaJson(text, [&](size_t line, const std::string& directive) {
        import.leaveOut(line,
                        directive + " is not carried over: that file is not read, import it separately");
        return std::string();
    });
    ReservationReader(import).read(all);
}

} // namespace user_chk::program
