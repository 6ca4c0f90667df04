// SPDX-License-Identifier: MPL-2.0
// Implements the loading of records: errors, skipped records, and changes.

#include <source/record_loader.h>

#include <identity/id_text.h>
#include <registry/table_filler.h>
#include <source/record_reader.h>
#include <system/utf8.h>
#include <user_file.h>

#include <unistd.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace user_chk {

namespace {

typedef std::unordered_set<UserId, HashOfId> IdSet;

PropertyMap propertiesOf(const Record& record) {
    return {record.attributes.begin(), record.attributes.end()};
}

bool isSame(const AttributeSetPtr& one, const AttributeSetPtr& other) {
    return one == other || one->attributes.properties == other->attributes.properties;
}

bool isSame(const Record& record, const UserTable::Entry& entry) {
    const PropertyMap& known = (*entry.set)->attributes.properties;
    return record.attributes.size() == known.size() && propertiesOf(record) == known;
}

// The common part of reading everything and reading changes: iteration, error messages, skipped lines.
class Loader {
public:
    Loader(const FileOfRecords& of, const RecordRules& rules, const Users& in_force)
        : of_(of), rules_(rules), in_force_(in_force) {
        loaded_.users = std::make_shared<UserTable>(rules.reader, rules.remarks);
    }
    virtual ~Loader() = default;

protected:
    // Calls a function with the reader for each line that has a record, or should have one.
    template <typename Visit>
    void forEachLine(const Visit& visit) {
        for (const NewLines& lines : of_.comparison.new_lines) {
            block_ = lines.block;
            const auto text = std::string_view(of_.comparison.text).substr(lines.begin, lines.length);
            if (lines.first_line == 1 && isUtf16(text)) {
                isc_throw(UserFileError, of_.path << ": is UTF-16, save the file as UTF-8");
            }
            reader_.begin(text, lines.first_line);
            while (reader_.next()) {
                visit();
            }
        }
    }

    void readLine() {
        const Record* record = nullptr;
        std::string reason;
        try {
            record = &reader_.record();
            take(*record);
            return;
        } catch (const isc::Exception& ex) {
            reason = printable(ex.what());
        }
        settle();
        if (!rules_.skips || reader_.isNoText()) {
            fail(reader_.line(), reason);
        }
        if (record == nullptr) {
            record = reader_.idOfBadRecord();
        }
        const auto id = record != nullptr ? std::make_optional(record->userId()) : std::nullopt;
        noteBad(id, reason);
        if (id) {
            takeBad(*id);
        }
    }

    // Takes the record of the line. Throws what is wrong with it.
    virtual void take(const Record& record) = 0;

    // Called before a bad line is reported, so that errors in earlier lines come first.
    virtual void settle() {}

    // Notes a bad line that tells a user's id.
    virtual void takeBad(const UserId& id) = 0;

    // Returns the error that an id already has a line in a block. `but` is the number of the line being read,
    // which does not count.
    std::string duplicateText(const UserId& id, uint32_t block, size_t but = 0) const {
        return lineText(id, lineOf(of_, block, id, but));
    }

    static std::string lineText(const UserId& id, size_t line) {
        return "duplicate user: " + textOf(id) + ", already in line " +
               (line != 0 ? std::to_string(line) : "?");
    }

    [[noreturn]] void fail(size_t line, const std::string& reason) const {
        isc_throw(UserFileError, of_.path << ":" << line << ": " << reason);
    }

    void noteBad(const std::optional<UserId>& id, const std::string& reason) {
        bad().push_back({reader_.line(), block_, Fingerprint::of(reader_.text()), reason, id});
    }

    UserTable& users() { return *loaded_.users; }

    std::optional<UserTable::Entry> entryHere(const UserId& id) {
        return users().entryOf(IdTag(id), id.getId());
    }

    std::vector<BadLine>& bad() { return loaded_.odd.bad; }

    LoadedRecords finish() {
        users().seal();
        return std::move(loaded_);
    }

    const FileOfRecords of_;
    const RecordRules& rules_;
    const Users& in_force_;
    RecordReader reader_;
    uint32_t block_ = 0;
    LoadedRecords loaded_;
};

// The first two lines of a user that has several.
struct TwoLines {
    size_t first = 0;
    size_t second = 0;

    void add(size_t line) {
        if (first == 0) {
            first = line;
        } else if (second == 0) {
            second = line;
        }
    }

    size_t otherThan(size_t line) const { return line == first ? second : first; }
};

class AllLoader : public Loader {
public:
    using Loader::Loader;

    LoadedRecords run() {
        size_t lines = 0;
        for (const Block& block : of_.comparison.blocks) {
            lines += block.lines;
        }
        users().reserve(lines);
        forEachLine([this] {
            readLine();
            if (filler_.isFull()) { // not during a line, which would be blamed for the error
                settle();
            }
        });
        settle();
        for (const auto& [id, block] : with_bad_) {
            if (entryHere(id)) {
                repeated_.insert(id);
            }
        }
        takeShared();
        if (!repeated_.empty()) {
            noteRepeated();
        }
        for (const auto& [id, block] : with_bad_) {
            keepOrLeaveOut(id, block);
        }
        leaveOutWhatIsShared();
        return finish();
    }

private:
    void take(const Record& record) override {
        const uint32_t set = users().prepare(record.tag(), record.id, record.attributes);
        filler_.add(record.tag(), record.id, set, reader_.line(), block_);
    }

    void settle() override { filler_.settle(); }

    void takeSecond(const TableFiller::User& user) {
        const UserId id = user.userId();
        const auto entry = entryHere(id);
        if (!rules_.skips) {
            fail(user.line, duplicateText(id, entry->note));
        }
        repeated_.insert(id);
        const AttributeSetPtr& set = users().setNumbered(user.set);
        if (!isSame(set, *entry->set)) {
            with_bad_.emplace(id, user.note);
            if (set->attributes.ids) {
                second_.push_back(*set->attributes.ids);
            }
        }
    }

    void takeBad(const UserId& id) override {
        if (!with_bad_.emplace(id, block_).second) {
            repeated_.insert(id);
        }
    }

    // Records that share an id are bad.
    void takeShared() {
        std::vector<UserTable::Shared> shared = users().shared(second_);
        std::vector<RecordIds> records = users().recordsOfSeveralIds();
        records.insert(records.end(), second_.begin(), second_.end());
        for (const RecordIds& ids : records) {
            for (const UserId& id : ids.others) {
                if (with_bad_.count(id) != 0 && !entryHere(id)) {
                    shared.push_back({id, id, ids.main}); // of a bad line
                }
            }
        }
        for (const UserTable::Shared& one : shared) {
            if (!rules_.skips) {
                failShared(one);
            }
            for (const UserId& main : {one.one, one.other}) {
                if (const auto entry = entryHere(main)) {
                    with_bad_.emplace(main, entry->note);
                }
                repeated_.insert(main);
                shared_.emplace(main, one.id);
            }
        }
    }

    [[noreturn]] void failShared(const UserTable::Shared& shared) {
        const size_t one = lineOf(of_, entryHere(shared.one)->note, shared.id);
        const size_t other = lineOf(of_, entryHere(shared.other)->note, shared.id, one);
        fail(std::max(one, other), lineText(shared.id, std::min(one, other)));
    }

    // What a user with a bad line keeps may have an id that another record now has.
    void leaveOutWhatIsShared() {
        for (const UserTable::Shared& one : users().shared()) {
            for (const UserId& main : {one.one, one.other}) {
                if (with_bad_.count(main) != 0) {
                    users().mark(main);
                }
            }
        }
    }

    // Returns the id for which a user has several lines.
    const UserId& repeatedOf(const UserId& main) const {
        const auto shared = shared_.find(main);
        return shared != shared_.end() ? shared->second : main;
    }

    // Reads all lines again, for those that seemed good until another line of the same user came.
    void noteRepeated() {
        const size_t first = bad().size();
        size_t next_bad = 0;
        forEachLine([&] {
            const bool is_bad = next_bad < first && bad()[next_bad].line == reader_.line();
            const std::optional<UserId> id = is_bad ? bad()[next_bad++].id : idHere();
            if (!id || repeated_.count(*id) == 0) {
                return;
            }
            loaded_.odd.repeated.push_back({*id, block_});
            for (const UserId& other : is_bad ? std::vector<UserId>() : reader_.record().otherIds()) {
                loaded_.odd.repeated.push_back({other, block_});
            }
            if (with_bad_.count(*id) != 0) {
                lines_[repeatedOf(*id)].add(reader_.line());
                if (!is_bad) {
                    noteBad(id, "");
                }
            }
        });
        std::for_each(bad().begin() + static_cast<ptrdiff_t>(first), bad().end(), [this](BadLine& line) {
            const UserId& id = repeatedOf(*line.id);
            line.reason = "duplicate user: " + textOf(id) + ", also in line " +
                          std::to_string(lines_.at(id).otherThan(line.line));
        });
        std::sort(bad().begin(), bad().end(),
                  [](const BadLine& one, const BadLine& other) { return one.line < other.line; });
    }

    std::optional<UserId> idHere() { return reader_.record().userId(); }

    // A user with a bad line keeps the record in force.
    void keepOrLeaveOut(const UserId& id, uint32_t block) {
        const auto before = in_force_.entryOf(id);
        if (before && !before->is_other) {
            users().put(id, *before->set, block);
        } else if (entryHere(id)) {
            users().mark(id);
        }
    }

    TableFiller filler_{users(), [this](const TableFiller::User& user) { takeSecond(user); }};
    std::unordered_map<UserId, uint32_t, HashOfId> with_bad_; // the block of one bad line of each
    IdSet repeated_;
    std::vector<RecordIds> second_; // of lines that are not the first ones of their users
    std::unordered_map<UserId, UserId, HashOfId> shared_;  // the id that a user shares with another one
    std::unordered_map<UserId, TwoLines, HashOfId> lines_; // of users that are in both
};

class ChangesLoader : public Loader {
public:
    ChangesLoader(const FileOfRecords& of, const RecordRules& rules, const Users& in_force,
                  const OddLines& known)
        : Loader(of, rules, in_force), dropped_(of.comparison.dropped.begin(), of.comparison.dropped.end()) {
        for (const BadLine& bad : known.bad) {
            if (bad.id && dropped_.count(bad.block) == 0) {
                with_bad_.insert(*bad.id);
            }
        }
        for (const RepeatedLine& repeated : known.repeated) {
            needs_all_ = needs_all_ || dropped_.count(repeated.block) != 0;
            with_bad_.insert(repeated.id);
        }
    }

    std::optional<LoadedRecords> run() {
        if (!needs_all_) {
            forEachLine([this] { readLine(); });
        }
        if (needs_all_) {
            return std::nullopt;
        }
        markTheGone();
        return finish();
    }

private:
    void take(const Record& record) override {
        const UserId id = record.userId();
        const auto before = entryBefore(id);
        for (const UserId& other : record.otherIds()) {
            takeOther(id, other);
        }
        if (before && isSame(record, *before)) {
            keep(id, *before);
        } else if (!users().add(record.tag(), record.id, record.attributes, reader_.line(), block_)) {
            failOrNoteTwice(id, entryHere(id)->note);
        }
    }

    void takeBad(const UserId& id) override {
        if (const auto before = entryBefore(id)) {
            keep(id, *before);
            needs_all_ = needs_all_ || (*before->set)->attributes.ids; // another record may get one of these
        } else if (entryHere(id)) {
            needs_all_ = true;
        }
        with_bad_.insert(id);
    }

    // Checks whether another record has an other id of a user whose line is new.
    void takeOther(const UserId& main, const UserId& other) {
        const auto before = in_force_.entryOf(other);
        if (before && dropped_.count(before->note) == 0 && !(mainIdOf(other, *before) == main)) {
            failOrNoteTwice(other, before->note);
        }
        const auto here = entryHere(other);
        if (here || unchanged_.count(other) != 0) {
            failOrNoteTwice(other, here ? here->note : before->note);
        }
        const auto [at, is_new] = others_.emplace(other, block_);
        if (!is_new) {
            failOrNoteTwice(other, at->second);
        }
        needs_all_ = needs_all_ || with_bad_.count(other) != 0;
    }

    // Returns the entry in force of a user whose line is new; none for a new user. Detects another line of
    // the same user.
    std::optional<UserTable::Entry> entryBefore(const UserId& id) {
        const auto entry = in_force_.entryOf(id);
        if (entry && dropped_.count(entry->note) == 0) {
            failOrNoteTwice(id, entry->note);
        }
        if (unchanged_.count(id) != 0) {
            failOrNoteTwice(id, entry->note);
        }
        const auto other = others_.find(id);
        if (other != others_.end()) {
            failOrNoteTwice(id, other->second);
        }
        needs_all_ = needs_all_ || with_bad_.count(id) != 0;
        return entry && !entry->is_other ? entry : std::nullopt;
    }

    void keep(const UserId& id, const UserTable::Entry& before) {
        if (const auto here = entryHere(id)) {
            failOrNoteTwice(id, here->note);
        } else if (before.note == block_) {
            unchanged_.insert(id);
        } else {
            users().put(id, *before.set, block_);
        }
    }

    void failOrNoteTwice(const UserId& id, uint32_t block) {
        if (!rules_.skips) {
            isc_throw(UserFileError, duplicateText(id, block, reader_.line()));
        }
        needs_all_ = true;
    }

    void markTheGone() {
        std::vector<UserId> gone;
        in_force_.forEachIn([this](uint32_t block) { return dropped_.count(block) != 0; },
                            [&](const UserId& id, const UserTable::Entry&) {
                                if (unchanged_.count(id) == 0 && !entryHere(id)) {
                                    gone.push_back(id);
                                }
                            });
        for (const UserId& id : gone) {
            users().mark(id);
        }
    }

    const std::unordered_set<uint32_t> dropped_;
    IdSet unchanged_;
    IdSet with_bad_;                                        // ids with one or more bad lines
    std::unordered_map<UserId, uint32_t, HashOfId> others_; // other ids in new lines, and their blocks
    bool needs_all_ = false;
};

} // namespace

LoadedRecords loadAll(const FileOfRecords& of, const RecordRules& rules, const Users& in_force) {
    return AllLoader(of, rules, in_force).run();
}

std::optional<LoadedRecords> loadChanges(const FileOfRecords& of, const RecordRules& rules,
                                         const Users& in_force, const OddLines& known) {
    return ChangesLoader(of, rules, in_force, known).run();
}

size_t lineOf(const FileOfRecords& of, uint32_t block, const UserId& id, size_t but) {
    size_t line = 1;
    size_t offset = 0;
    for (const Block& at : of.comparison.blocks) {
        if (at.number == block) {
            std::string text(at.length + RecordParser::PADDING, '\n');
            const ssize_t count = ::pread(of.file.get(), text.data(), at.length, static_cast<off_t>(offset));
            RecordReader reader;
            reader.begin(std::string_view(text).substr(0, static_cast<size_t>(std::max<ssize_t>(count, 0))),
                         line);
            while (reader.next()) {
                try {
                    const Record& record = reader.record();
                    const std::vector<UserId> others = record.otherIds();
                    if (reader.line() != but &&
                        (record.isOf(id) || std::find(others.begin(), others.end(), id) != others.end())) {
                        return reader.line();
                    }
                } catch (const isc::Exception&) {
                    // Another line is bad.
                }
            }
            return 0;
        }
        line += at.lines;
        offset += at.length;
    }
    return 0;
}

} // namespace user_chk
