// SPDX-License-Identifier: MPL-2.0
// Implements RowLoader.

#include <source/row_loader.h>

#include <identity/id_text.h>
#include <registry/id_remarks.h>
#include <source/row_type.h>
#include <system/utf8.h>
#include <user_file.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>

namespace user_chk {

namespace {

// The maximum number of bad rows that are reported to the operator.
constexpr size_t MOST_BAD_ROWS = 20;

// How many texts of attributes are cached, and how long they and their ids may be: far below the length that
// would be too long for a line of a registry file.
constexpr size_t MOST_KNOWN = 4096;
constexpr size_t LONGEST_TEXT = 1024;
constexpr size_t LONGEST_ID = 255;

constexpr const char* SEVERAL = "has several rows";

std::vector<uint8_t> idFrom(std::string_view id) {
    return {id.begin(), id.end()};
}

std::string keyOf(const Row& row) {
    std::string key = printable(row.type) + "=";
    appendId(key, idFrom(row.id), 0);
    return key;
}

std::string keyOf(const UserId& id) {
    const std::string type = rowTypeOf(id);
    return keyOf(Row{type, viewOf(id.getId()), std::nullopt, {}});
}

// Returns none when there can be no such user.
std::optional<UserId> rowId(const Row& row) {
    try {
        const RowType type = readRowType(row.type);
        return UserId(UserId::lookupType(std::string(type.label)), idFrom(row.id), type.kind);
    } catch (const isc::Exception&) {
        return std::nullopt;
    }
}

// Returns a version as a table stores it; a version that is too large becomes the maximum.
uint32_t versionOf(const Row& row) {
    uint64_t version = 0;
    std::from_chars(row.version.data(), row.version.data() + row.version.size(), version);
    return static_cast<uint32_t>(std::min<uint64_t>(version, std::numeric_limits<uint32_t>::max()));
}

bool hasAttributesOf(const Record& record, const UserTable::Entry& entry) {
    const PropertyMap& known = (*entry.set)->attributes.properties;
    return record.attributes.size() == known.size() &&
           PropertyMap(record.attributes.begin(), record.attributes.end()) == known;
}

// Appends the id of a row as in a registry file.
void appendRowId(std::string& line, UserId::Kind kind, std::string_view id) {
    if (kind == UserId::Kind::RANDOM && idFrom(id) != std::vector<uint8_t>{RANDOM_ID}) {
        isc_throw(UserFileError, "invalid id, must be 02, which stands for all made-up addresses");
    }
    appendIdText(line, {UserId::HW_ADDRESS, kind}, idFrom(id), 0);
}

bool isWord(std::string_view type) {
    return !type.empty() && std::all_of(type.begin(), type.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

} // namespace

RowLoader::RowLoader(Of of, const AttributeReader& reader, const Users& in_force)
    : of_(of), in_force_(in_force), users_(std::make_shared<UserTable>(reader)),
      filler_(*users_, [this](const TableFiller::User& user) { takeSecond(user); }) {
    if (of == Of::ALL) {
        users_->reserve(in_force.size());
    }
}

// A row is parsed as the equivalent line of a registry file. Type and id come last, so that they count,
// whatever the attributes are.
const Record& RowLoader::record(const Row& row) {
    const std::string_view attributes = *row.attributes;
    if (!isWord(row.type)) {
        isc_throw(UserFileError, "invalid type: '" << printable(row.type) << "'");
    }
    const size_t end = attributes.rfind('}');
    if (attributes.substr(0, 1) != "{" || end == std::string_view::npos) {
        isc_throw(UserFileError, "the attributes are not a JSON object");
    }
    line_.assign(attributes, 0, end);
    if (line_.find_first_not_of(" {") != std::string::npos) {
        line_ += ", ";
    }
    const RowType type = readRowType(row.type);
    line_.append(R"("type": ")").append(type.label).append(R"(", "id": ")");
    appendRowId(line_, type.kind, row.id);
    line_ += "\"}";
    const size_t length = line_.size();
    line_.append(RecordParser::PADDING, '\n');
    return parser_.parse(std::string_view(line_).substr(0, length));
}

void RowLoader::take(const Row& row) {
    const std::string key = of_ == Of::CHANGES ? keyOf(row) : std::string();
    if (of_ == Of::CHANGES) {
        told_.emplace(key, std::nullopt);
    }
    if (!row.attributes) {
        takeGone(row);
        return;
    }
    try {
        if (of_ == Of::CHANGES) {
            takeChange(record(row), versionOf(row));
        } else if (!takeOfKnown(row)) {
            takeOfAll(row);
        }
    } catch (const isc::Exception& ex) {
        takeBad(of_ == Of::CHANGES ? key : keyOf(row), row, printable(ex.what()));
    }
}

// A database prints equal attributes alike, and most users share theirs with others. So a text is parsed only
// once: it means the same for any other id.
bool RowLoader::takeOfKnown(const Row& row) {
    text_.assign(row.type).append(" ").append(*row.attributes);
    const auto known = known_.find(text_);
    if (known == known_.end() || row.id.empty() || row.id.size() > LONGEST_ID || !isWord(row.type)) {
        return false;
    }
    id_.assign(row.id.begin(), row.id.end());
    const IdTag tag = known->second.tag;
    if (isDefaultId(tag, id_)) { // the default user may not have all attributes
        return false;
    }
    users_->prepare(tag, id_);
    filler_.add(tag, id_, known->second.set, 0, versionOf(row));
    return true;
}

void RowLoader::takeOfAll(const Row& row) {
    const Record& record = this->record(row);
    const uint32_t set = users_->prepare(record.tag(), record.id, record.attributes);
    filler_.add(record.tag(), record.id, set, 0, versionOf(row));
    const bool is_own = record.kind == UserId::Kind::RANDOM || record.hasOtherIds(); // depends on other rows
    if (text_.size() <= LONGEST_TEXT && !is_own) {
        if (known_.size() == MOST_KNOWN) {
            known_.clear();
        }
        known_.emplace(text_, Known{record.tag(), set});
    }
}

void RowLoader::takeSecond(const TableFiller::User& user) {
    const std::string type = rowTypeOf(user.userId());
    const std::string version = std::to_string(user.note);
    const Row row{type, viewOf(user.id), std::nullopt, version};
    takeBad(keyOf(row), row, SEVERAL);
}

void RowLoader::takeChange(const Record& record, uint32_t version) {
    const UserId id = record.userId();
    const auto before = in_force_.entryOf(id);
    if (before && !before->is_other && hasAttributesOf(record, *before)) {
        if (before->note != version) {
            users_->put(id, *before->set, version);
        }
        return;
    }
    if (!users_->add(record.tag(), record.id, record.attributes, 0, version)) {
        isc_throw(UserFileError, SEVERAL);
    }
}

void RowLoader::takeBad(const std::string& key, const Row& row, const std::string& reason) {
    told_[key] = BadRow{std::string(row.version), {key, reason}};
    const auto id = rowId(row);
    const auto before = of_ == Of::ALL && id ? in_force_.entryOf(*id) : std::nullopt;
    if (before && !before->is_other) {
        users_->put(*id, *before->set, before->note);
    }
}

void RowLoader::takeGone(const Row& row) {
    const auto id = rowId(row);
    const auto before = id ? in_force_.entryOf(*id) : std::nullopt;
    if (before && !before->is_other) {
        users_->mark(*id);
    }
}

// In a full load, rows that share an id are bad. What is in force for one of them may have an id that a good
// row now has.
void RowLoader::takeShared() {
    for (const UserTable::Shared& shared : users_->shared()) {
        takeBad(shared.one, shared.id);
        takeBad(shared.other, shared.id);
    }
    for (const UserTable::Shared& shared : users_->shared()) {
        for (const UserId& main : {shared.one, shared.other}) {
            if (told_.count(keyOf(main)) != 0) {
                users_->mark(main);
            }
        }
    }
}

// Rejects a row that seemed good before the others were read.
void RowLoader::takeBad(const UserId& main, const UserId& shared) {
    const std::string key = keyOf(main);
    const auto entry = users_->entryOf(IdTag(main), main.getId());
    if (told_.count(key) != 0 || !entry) {
        return;
    }
    const std::string type = rowTypeOf(main);
    const std::string version = std::to_string(entry->note);
    users_->mark(main);
    takeBad(key, {type, viewOf(main.getId()), std::nullopt, version},
            textOf(shared) + " is an id in several rows");
    told_[key]->is_shared = true;
}

// Whether a row of the changes shares an id with a row in force, or with another row of the changes.
bool RowLoader::isShared() const {
    bool is_shared = !users_->shared().empty();
    const auto look = [&](const UserId& main, const UserId& id) {
        const auto before = in_force_.entryOf(id);
        if (before && !(mainIdOf(id, *before) == main)) {
            const UserId& owner = mainIdOf(id, *before);
            is_shared = is_shared || !users_->entryOf(IdTag(owner), owner.getId());
        }
    };
    users_->forEach([&](const UserId& main, const UserTable::Entry& entry) {
        if (entry.set == nullptr) {
            return;
        }
        look(main, main);
        if (const auto& ids = (*entry.set)->attributes.ids) {
            std::for_each(ids->others.begin(), ids->others.end(), [&](const UserId& id) { look(main, id); });
        }
    });
    return is_shared;
}

News RowLoader::finish(BadRows& bad) {
    filler_.settle();
    if (of_ == Of::ALL) {
        takeShared();
    } else {
        const bool was_shared =
            std::any_of(bad.begin(), bad.end(), [](const auto& row) { return row.second.is_shared; });
        needs_all_ = (was_shared && !told_.empty()) || isShared();
    }
    News news;
    news.what = of_ == Of::ALL ? News::What::EVERYTHING : News::What::CHANGES;
    BadRows now = of_ == Of::ALL ? BadRows() : bad;
    for (auto& [key, row] : told_) {
        now.erase(key);
        if (!row) {
            continue;
        }
        const auto before = bad.find(key);
        if (before == bad.end() || before->second.version != row->version ||
            before->second.record.reason != row->record.reason) {
            ++news.skipped_now;
            if (news.skipped.size() < MOST_BAD_ROWS) {
                news.skipped.push_back(row->record);
            }
        }
        now.emplace(key, std::move(*row));
    }
    bad = std::move(now);
    users_->seal();
    news.remarks = users_->remarks();
    news.users = users_;
    return news;
}

} // namespace user_chk
