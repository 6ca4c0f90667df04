// SPDX-License-Identifier: MPL-2.0
// Implements Import.

#include <program/imported_record.h>

#include <identity/id_text.h>
#include <library/attribute_reader.h>
#include <registry/id_remarks.h>
#include <registry/other_ids.h>
#include <source/record_line.h>
#include <system/published.h>
#include <system/utf8.h>

#include <exceptions/exceptions.h>

#include <boost/algorithm/string.hpp>

#include <algorithm>
#include <utility>

namespace user_chk::program {

using isc::dhcp::Option;

namespace {

// Clients may be looked up by any type of identifier.
AttributeReader readerFor(Option::Universe universe) {
    ReadingContext context{OptionDefinitions::standard(universe), "USER_CHK_REGISTERED", std::nullopt, ""};
    for (size_t type = 0; type < UserId::TYPES; ++type) {
        context.identifiers.push_back(static_cast<UserId::UserIdType>(type));
    }
    return makeAttributeReader(std::make_shared<const Published<ReadingContext>>(
        std::make_shared<const ReadingContext>(std::move(context))));
}

PropertyMap propertiesOf(const ImportedRecord& record) {
    PropertyMap properties;
    for (const auto& [name, value] : record.attributes) {
        properties[name] = value.text;
    }
    std::string& others = properties[OTHER_IDS];
    for (size_t i = 1; i < record.ids.size(); ++i) {
        const UserId& id = record.ids[i];
        others += (others.empty() ? "" : ", ") + UserId::lookupTypeStr(id.getType()) + "=" + id.toText(':');
    }
    if (others.empty()) {
        properties.erase(OTHER_IDS);
    }
    return properties;
}

bool isUtf8(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
        const Character character = characterAt(text, at);
        if (!character.is_utf8) {
            return false;
        }
        at += character.length;
    }
    return true;
}

} // namespace

void ImportedRecord::addId(const UserId& id) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
        ids.push_back(id);
    }
}

void ImportedRecord::addClass(const std::string& name, size_t at) {
    const std::string trimmed = boost::trim_copy(name);
    if (trimmed.empty() || trimmed != name || name.find(',') != std::string::npos) {
        isc_throw(isc::BadValue,
                  "a record cannot have the class '"
                      << name << "': its name is blank, contains a comma, or begins or ends with a blank");
    }
    const auto [classes, is_new] = attributes.try_emplace("client-classes", Value{name, at});
    std::vector<std::string> names;
    boost::split(names, classes->second.text, [](char c) { return c == ','; });
    std::for_each(names.begin(), names.end(), [](std::string& one) { boost::trim(one); });
    if (!is_new && std::find(names.begin(), names.end(), name) == names.end()) {
        classes->second.text += ", " + name;
    }
}

Import::Import(std::string file)
    : file_(std::move(file)), readers_{readerFor(Option::V4), readerFor(Option::V6)} {}

void Import::leaveOut(size_t line, const std::string& reason) {
    remarks_.push_back({line, reason});
}

std::set<std::string> Import::check(const UserId& id, const PropertyMap& attributes) const {
    std::set<std::string> remarks;
    for (const AttributeReader& reader : readers_) {
        const Meaning meaning = reader(id.getType(), attributes);
        checkForId(meaning, IdTag(id), id.getId());
        remarks.insert(meaning.remarks.begin(), meaning.remarks.end());
    }
    return remarks;
}

// A bad option must not cost a user its registration. A server's configuration may define an option that Kea
// does not know.
void Import::checkOptions(ImportedRecord& record) {
    for (auto at = record.attributes.begin(); at != record.attributes.end();) {
        const bool is_option = boost::starts_with(at->first, "option.") || at->first == "next-server";
        try {
            for (const std::string& remark : is_option
                                                 ? check(record.ids.front(), {{at->first, at->second.text}})
                                                 : std::set<std::string>()) {
                leaveOut(at->second.line, "carried over, but a server will warn: " + remark);
            }
            ++at;
        } catch (const isc::Exception& ex) {
            leaveOut(at->second.line, at->first + " is left out: " + ex.what());
            at = record.attributes.erase(at);
        }
    }
}

// Returns the line of a record, after the library has parsed it.
std::string Import::checkedLine(const ImportedRecord& record) {
    const PropertyMap properties = propertiesOf(record);
    std::string line = recordLine(record.ids.front(), properties);
    if (!isUtf8(line)) {
        isc_throw(isc::BadValue, "it is not UTF-8");
    }
    const std::string padded = line + std::string(RecordParser::PADDING, '\n');
    const Record& read = parser_.parse(std::string_view(padded).substr(0, line.size()));
    static_cast<void>(read.otherIds());
    check(record.ids.front(), properties);
    return line;
}

// Whether no earlier record has one of its ids.
bool Import::isNew(const ImportedRecord& record) {
    for (const UserId& id : record.ids) {
        const auto found = taken_.find(id);
        if (found == taken_.end()) {
            continue;
        }
        const ImportedRecord& other = records_[found->second];
        if (other.attributes != record.attributes || other.ids != record.ids) {
            leaveOut(record.line, "not carried over: " + textOf(id) + " is already in the record of line " +
                                      std::to_string(other.line) + ", which differs");
        }
        return false;
    }
    return true;
}

void Import::take(ImportedRecord record) {
    try {
        checkOptions(record);
        const std::string line = checkedLine(record);
        const auto others = record.attributes.find(OTHER_IDS);
        if (others != record.attributes.end()) {
            for (const UserId& id : parseOtherIds(record.ids.front(), others->second.text)) {
                record.addId(id);
            }
        }
        if (!isNew(record)) {
            return;
        }
        for (const UserId& id : record.ids) {
            taken_.emplace(id, records_.size());
        }
        lines_.push_back(line);
        records_.push_back(std::move(record));
    } catch (const isc::Exception& ex) {
        leaveOut(record.line, std::string("not carried over: ") + ex.what());
    }
}

void Import::writeRecords(std::ostream& out) const {
    for (const std::string& line : lines_) {
        out << line << '\n';
    }
}

void Import::writeRemarks(std::ostream& out) {
    std::stable_sort(remarks_.begin(), remarks_.end(),
                     [](const Remark& one, const Remark& other) { return one.line < other.line; });
    for (const Remark& remark : remarks_) {
        out << file_ << ':' << remark.line << ": " << printable(remark.text) << '\n';
    }
}

} // namespace user_chk::program
