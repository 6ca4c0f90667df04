// SPDX-License-Identifier: MPL-2.0
// Implements the loading of records: the errors, those that are skipped, and what a change comes to.

#include <source/record_loader.h>

#include <source/record_reader.h>
#include <system/utf8.h>
#include <user_file.h>

#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>
#include <utility>

namespace user_chk {

namespace {

struct HashOfId {
    size_t operator()(const UserId& id) const {
        const std::vector<uint8_t>& bytes = id.getId();
        return std::hash<std::string_view>()({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
};

PropertyMap propertiesOf(const Record& record) {
    return {record.attributes.begin(), record.attributes.end()};
}

bool isSame(const Record& record, const UserTable::Entry& entry) {
    const PropertyMap& known = (*entry.set)->attributes.properties;
    return record.attributes.size() == known.size() && propertiesOf(record) == known;
}

// What reading all and reading changes have in common: a line, the errors of lines, the lines left out.
class Loader {
public:
    Loader(const FileOfRecords& of, const RecordRules& rules, const Users& in_force)
        : of_(of), rules_(rules), in_force_(in_force) {
        loaded_.users = std::make_shared<UserTable>(rules.reader);
    }
    virtual ~Loader() = default;

protected:
    void readLines() {
        for (const NewLines& lines : of_.comparison.new_lines) {
            block_ = lines.block;
            const auto text = std::string_view(of_.comparison.text).substr(lines.begin, lines.length);
            if (lines.first_line == 1 && isUtf16(text)) {
                isc_throw(UserFileError, of_.path << ": is UTF-16, save the file as UTF-8");
            }
            reader_.begin(text, lines.first_line);
            while (reader_.next()) {
                readLine();
            }
        }
    }

    // Takes the record of the line; throws what is wrong with it.
    virtual void take(const Record& record) = 0;

    // Takes note of a bad line that tells a user's id.
    virtual void takeBad(const UserId& id) = 0;

    bool add(const Record& record) {
        return users().add(record.type, record.id, record.attributes, reader_.line(), block_);
    }

    [[noreturn]] void failTwice(const UserId& id, uint32_t block) const {
        const size_t line = lineOf(of_, block, id);
        isc_throw(UserFileError, "duplicate user: " << id << ", is in line "
                                                    << (line != 0 ? std::to_string(line) : "?")
                                                    << " already");
    }

    void noteBad(size_t line, uint32_t block, std::string_view text, const std::string& reason) {
        loaded_.bad.push_back({line, block, Fingerprint::of(text), reason});
    }

    void noteBad(const std::string& reason) { noteBad(reader_.line(), block_, reader_.text(), reason); }

    UserTable& users() { return *loaded_.users; }

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

private:
    void readLine() {
        std::optional<UserId> id;
        std::string reason;
        try {
            const Record& record = reader_.record();
            id.emplace(record.type, record.id);
            take(record);
            return;
        } catch (const isc::Exception& ex) {
            reason = printable(ex.what());
        }
        if (!rules_.skips) {
            isc_throw(UserFileError, of_.path << ":" << reader_.line() << ": " << reason);
        }
        noteBad(reason);
        const Record* bad = id ? nullptr : reader_.idOfBadRecord();
        if (bad != nullptr) {
            id.emplace(bad->type, bad->id);
        }
        if (id) {
            takeBad(*id);
        }
    }
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
        readLines();
        for (const auto& [id, block] : bad_) {
            keepOrLeaveOut(id, block);
        }
        return finish();
    }

private:
    void take(const Record& record) override {
        if (add(record)) {
            return;
        }
        const UserId id(record.type, record.id);
        const auto entry = users().entryOf(record.type, record.id);
        if (!rules_.skips) {
            failTwice(id, entry->block);
        }
        loaded_.some_twice = true;
        if (!isSame(record, *entry)) {
            failTwice(id, entry->block);
        }
    }

    void takeBad(const UserId& id) override { bad_.emplace(id, block_); }

    // A user who has a bad record keeps what is in force. If it has a good one too, that is as bad.
    void keepOrLeaveOut(const UserId& id, uint32_t block) {
        const auto good = users().entryOf(id.getType(), id.getId());
        if (good) {
            loaded_.some_twice = true;
            noteBad(lineOf(of_, good->block, id), good->block, id.toText(),
                    "duplicate user, with other attributes");
        }
        const auto before = in_force_.entryOf(id);
        if (before) {
            users().put(id, *before->set, block);
        } else if (good) {
            users().mark(id);
        }
    }

    std::map<UserId, uint32_t> bad_; // ids of bad lines, and their blocks
};

class ChangesLoader : public Loader {
public:
    ChangesLoader(const FileOfRecords& of, const RecordRules& rules, const Users& in_force)
        : Loader(of, rules, in_force), dropped_(of.comparison.dropped.begin(), of.comparison.dropped.end()) {}

    std::optional<LoadedRecords> run() {
        readLines();
        if (loaded_.some_twice) {
            return std::nullopt;
        }
        markTheGone();
        return finish();
    }

private:
    void take(const Record& record) override {
        const UserId id(record.type, record.id);
        const auto before = entryBefore(id);
        if (before && isSame(record, *before)) {
            keep(id, *before);
        } else if (!add(record)) {
            failOrNoteTwice(id, users().entryOf(record.type, record.id)->block);
        }
    }

    void takeBad(const UserId& id) override {
        if (const auto before = entryBefore(id)) {
            keep(id, *before);
        } else if (users().entryOf(id.getType(), id.getId())) {
            loaded_.some_twice = true;
        }
    }

    // What is in force of a user whose line is new; nothing for a new user. Another line of the same user is
    // found here.
    std::optional<UserTable::Entry> entryBefore(const UserId& id) {
        const auto entry = in_force_.entryOf(id);
        if (entry && dropped_.count(entry->block) == 0) {
            failOrNoteTwice(id, entry->block);
        }
        if (unchanged_.count(id) != 0) {
            failOrNoteTwice(id, block_);
        }
        return entry;
    }

    void keep(const UserId& id, const UserTable::Entry& before) {
        if (users().entryOf(id.getType(), id.getId())) {
            failOrNoteTwice(id, users().entryOf(id.getType(), id.getId())->block);
        } else if (before.block == block_) {
            unchanged_.insert(id);
        } else {
            users().put(id, *before.set, block_);
        }
    }

    void failOrNoteTwice(const UserId& id, uint32_t block) {
        if (!rules_.skips) {
            failTwice(id, block);
        }
        loaded_.some_twice = true;
    }

    void markTheGone() {
        std::vector<UserId> gone;
        in_force_.forEachIn([this](uint32_t block) { return dropped_.count(block) != 0; },
                            [&](const UserId& id, const UserTable::Entry&) {
                                if (unchanged_.count(id) == 0 && !users().entryOf(id.getType(), id.getId())) {
                                    gone.push_back(id);
                                }
                            });
        for (const UserId& id : gone) {
            users().mark(id);
        }
    }

    const std::unordered_set<uint32_t> dropped_;
    std::unordered_set<UserId, HashOfId> unchanged_;
};

} // namespace

LoadedRecords loadAll(const FileOfRecords& of, const RecordRules& rules, const Users& in_force) {
    return AllLoader(of, rules, in_force).run();
}

std::optional<LoadedRecords> loadChanges(const FileOfRecords& of, const RecordRules& rules,
                                         const Users& in_force) {
    return ChangesLoader(of, rules, in_force).run();
}

size_t lineOf(const FileOfRecords& of, uint32_t block, const UserId& id) {
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
                    if (record.type == id.getType() && record.id == id.getId()) {
                        return reader.line();
                    }
                } catch (const UserFileError&) {
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
