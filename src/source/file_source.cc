// SPDX-License-Identifier: MPL-2.0
// Implements FileSource.

#include <source/file_source.h>

#include <source/file_edit.h>
#include <source/record_reader.h>
#include <system/file_attributes.h>
#include <system/replaceable_file.h>
#include <user_file.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <new>
#include <set>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace user_chk {

using Clock = std::chrono::steady_clock;

namespace {

// The pause before the file is examined again.
constexpr std::chrono::milliseconds LINE_END_PAUSE{1};

// The maximum number of bad records that are reported to the operator.
constexpr size_t MOST_BAD_RECORDS = 20;

std::unordered_map<uint32_t, size_t> firstLinesOf(const std::vector<Block>& blocks) {
    std::unordered_map<uint32_t, size_t> first_lines;
    size_t line = 1;
    for (const Block& block : blocks) {
        first_lines.emplace(block.number, line);
        line += block.lines;
    }
    return first_lines;
}

// Returns the fingerprint of a content with these blocks.
Fingerprint fingerprintOf(const std::vector<Block>& blocks) {
    std::string all;
    for (const Block& block : blocks) {
        all.append(reinterpret_cast<const char*>(&block.fingerprint), sizeof(block.fingerprint));
    }
    return Fingerprint::of(all);
}

News newsOfFailure(const std::string& reason) {
    News news;
    news.error = reason;
    return news;
}

// True when so much of a file is new that a full read is cheaper.
bool isMostlyNew(const Comparison& comparison) {
    return comparison.text.size() > comparison.length / 4;
}

} // namespace

FileSource::FileSource(std::string path, RecordRules rules, size_t block_length)
    : path_(std::move(path)), rules_(std::move(rules)), block_length_(block_length),
      watch_(path_, FileWatch::Of::CONTENT), examined_(std::make_shared<Examined>()),
      content_(std::make_shared<Content>()) {}

bool FileSource::isUnchanged(bool quiet) {
    if (quiet && !seconds_.isNew()) {
        return true;
    }
    return !watch_.hasTold() && isKnown(FileSignature::of(path_), quiet);
}

// While the watch is set, nothing can have changed under the same signature.
bool FileSource::isKnown(const FileSignature& signature, bool watched) const {
    const std::shared_ptr<const Examined> examined = examined_.get();
    const auto passed = [](Clock::time_point time) { return time != NEVER && Clock::now() >= time; };
    return examined->signature == signature && !passed(examined->try_again_at) &&
           (watched || (examined->settled && !passed(examined->read_again_at)));
}

void FileSource::poll(const Users& in_force, const Taker& take) {
    FileWatch::Look look(watch_);
    look.setWatch();
    examined_.set(std::make_shared<Examined>(examine(*examined_.get(), in_force, take)));
}

std::string FileSource::exposure() const {
    return examined_.get()->exposure;
}

FileSource::Examined FileSource::examine(const Examined& before, const Users& in_force, const Taker& take) {
    Examined now;
    now.exposure = before.exposure;
    const auto wall_clock = std::chrono::system_clock::now().time_since_epoch();
    now.first_seen = Clock::now();
    const auto fail = [&](const std::string& error) {
        now.error = error;
        if (error != before.error) {
            take(newsOfFailure(error));
        }
    };
    try {
        examineContent(before, now, in_force, take);
    } catch (const std::bad_alloc&) {
        // The file may be good.
        now.bad.reset();
        now.try_again_at = now.first_seen + FileSignature::HELD_UP;
        fail(path_ + ": " + std::generic_category().message(ENOMEM));
    } catch (const std::exception& ex) {
        // Without a file, only a new one makes a difference. With one, the next query tries again: an
        // obstacle may disappear without a trace in the file.
        now.signature = FileSignature::of(path_);
        now.settled = now.signature.error != 0;
        fail(ex.what());
        return now;
    }
    // How long it has been like this, by the file's times or by our clock.
    const auto started = now.first_seen;
    now.first_seen = now.signature == before.signature ? before.first_seen : started;
    const std::chrono::nanoseconds unchanged =
        std::max<std::chrono::nanoseconds>(now.signature.age(wall_clock), started - now.first_seen);
    now.settled = unchanged > now.signature.tick();
    if (unchanged <= FileSignature::HELD_UP) {
        now.read_again_at = now.first_seen + FileSignature::HELD_UP;
    }
    now.exposure = exposureOf(path_);
    return now;
}

// Reads the file, and loads what is new. Throws when it cannot be read.
void FileSource::examineContent(const Examined& before, Examined& now, const Users& in_force,
                                const Taker& take) {
    // If a writer did not complete its line in time, further pieces of it are not waited for.
    Opened opened = readFinished(forgets_ ? Content() : *content_.get(), !before.lacks_line_end);
    now.signature = opened.signature;
    now.lacks_line_end = RecordReader::lacksLineEnd(opened.comparison.unfinished);
    now.bad = fingerprintOf(opened.comparison.blocks);
    if (!forgets_ && before.bad && *before.bad == *now.bad) {
        now.error = before.error;
        return;
    }
    try {
        load(std::move(opened), in_force, take);
        now.bad.reset();
    } catch (const UserFileError& ex) {
        now.error = ex.what();
        take(newsOfFailure(now.error));
    }
}

FileSource::Opened FileSource::read(const Content& known) const {
    Opened opened;
    opened.next_number = known.next_number;
    opened.file = openContent(path_, opened.signature);
    try {
        opened.comparison = compareFile(opened.file, known.blocks, opened.next_number, block_length_);
    } catch (const std::system_error& ex) {
        isc_throw(UserFileError, path_ << ": " << ex.code().message());
    }
    opened.comparison.text.append(RecordParser::PADDING, '\n');
    return opened;
}

// Reads the file again while its last line lacks its line end. The file is closed in between.
FileSource::Opened FileSource::readFinished(const Content& known, bool waits) const {
    const auto end = Clock::now() + LINE_END_WAIT;
    for (;;) {
        Opened opened = read(known);
        if (!waits || !RecordReader::lacksLineEnd(opened.comparison.unfinished)) {
            return opened;
        }
        opened.file = FileDescriptor(-1);
        do {
            std::this_thread::sleep_for(LINE_END_PAUSE);
            waits = Clock::now() < end;
        } while (waits && FileSignature::of(path_) == opened.signature);
    }
}

// Throws what is wrong with the records.
void FileSource::load(Opened opened, const Users& in_force, const Taker& take) {
    const std::shared_ptr<const Content> known = content_.get();
    const bool all_is_read = forgets_ || !known->loaded;
    if (!all_is_read && opened.comparison.isSame()) {
        auto same = std::make_shared<Content>(*known);
        same->blocks = std::move(opened.comparison.blocks); // perhaps in another order
        content_.set(std::move(same));
        News news;
        news.what = News::What::NOTHING;
        take(std::move(news));
        return;
    }
    if (!all_is_read && !isMostlyNew(opened.comparison)) {
        if (auto changes =
                loadChanges({path_, opened.file, opened.comparison}, rules_, in_force, known->odd)) {
            keep(std::move(*changes), News::What::CHANGES, opened, take);
            return;
        }
    }
    if (!all_is_read) {
        opened = readFinished(Content(), true);
    }
    keep(loadAll({path_, opened.file, opened.comparison}, rules_, in_force), News::What::EVERYTHING, opened,
         take);
    forgets_ = false;
}

// Puts the loaded users in force, and stores what they were read from.
void FileSource::keep(LoadedRecords loaded, News::What what, const Opened& opened, const Taker& take) {
    const std::shared_ptr<const Content> before = content_.get();
    const Comparison& comparison = opened.comparison;
    auto now = std::make_shared<Content>(Content{comparison.blocks, opened.next_number, {}, true});
    now->odd.repeated = what == News::What::CHANGES ? before->odd.repeated : loaded.odd.repeated;
    std::set<std::pair<uint64_t, uint64_t>> told;
    const std::unordered_set<uint32_t> dropped(comparison.dropped.begin(), comparison.dropped.end());
    for (const BadLine& bad : before->odd.bad) {
        told.emplace(bad.text.high, bad.text.low);
        if (what == News::What::CHANGES && dropped.count(bad.block) == 0) {
            now->odd.bad.push_back(bad);
        }
    }
    News news;
    news.what = what;
    news.remarks = loaded.users->remarks();
    news.users = std::move(loaded.users);
    const auto first_lines = firstLinesOf(comparison.blocks);
    for (BadLine& bad : loaded.odd.bad) {
        if (told.emplace(bad.text.high, bad.text.low).second) {
            ++news.skipped_now;
            if (news.skipped.size() < MOST_BAD_RECORDS) {
                news.skipped.push_back({path_ + ":" + std::to_string(bad.line), bad.reason});
            }
        }
        bad.line -= first_lines.at(bad.block);
        now->odd.bad.push_back(std::move(bad));
    }
    take(std::move(news));
    content_.set(std::move(now)); // after the users, see edit()
}

Edited FileSource::edit(const Edit& edit, const Registry& in_force, const Patience& patience) {
    // In this order: the users are those of this content, or of a later one, which the file then has.
    const std::shared_ptr<const Content> content = content_.get();
    const UsersPtr users = in_force.users();
    refuseOdd(*content, edit.id);
    for (const UserId& other : edit.others) {
        refuseOdd(*content, other);
    }
    const auto entry = users->entryOf(edit.id);
    const bool adds = edit.what == Edit::What::ADD;
    if (ownerOfTaken(edit, *users)) {
        return adds ? Edited::EXISTS : Edited::TAKEN;
    }
    if (adds == entry.has_value()) {
        return adds ? Edited::EXISTS : Edited::ABSENT;
    }
    FileEdit change(content->blocks, edit, entry ? std::make_optional(entry->note) : std::nullopt);
    try {
        const ReplaceableFile file(path_, patience);
        switch (file.replace([&](const auto& from, const auto& to) { return change.write(from, to); },
                             [&](const auto& from) { return change.isUnchanged(from); })) {
        case ReplaceableFile::Outcome::REPLACED:
            return Edited::DONE;
        case ReplaceableFile::Outcome::OVERTAKEN:
            return Edited::OVERTAKEN;
        default:
            return Edited::CHANGED;
        }
    } catch (const FileError& ex) {
        if (change.differs()) {
            return Edited::CHANGED;
        }
        isc_throw(UserDataSourceError, ex.what());
    }
}

// A command may not change a user whose line is bad, or who has several lines.
void FileSource::refuseOdd(const Content& content, const UserId& id) const {
    for (const BadLine& bad : content.odd.bad) {
        if (bad.id == id) {
            const size_t line = firstLinesOf(content.blocks).at(bad.block) + bad.line;
            isc_throw(UserDataSourceError, path_ << ":" << line << ": " << bad.reason);
        }
    }
    for (const RepeatedLine& repeated : content.odd.repeated) {
        if (repeated.id == id) {
            isc_throw(UserDataSourceError, path_ << ": duplicate user: " << id);
        }
    }
}

Source::Skipped FileSource::skipped() const {
    const std::shared_ptr<const Content> content = content_.get();
    const auto first_lines = firstLinesOf(content->blocks);
    Skipped skipped;
    skipped.count = content->odd.bad.size();
    std::vector<std::pair<size_t, const BadLine*>> lines;
    for (const BadLine& bad : content->odd.bad) {
        lines.emplace_back(first_lines.at(bad.block) + bad.line, &bad);
    }
    const size_t count = std::min(lines.size(), MOST_BAD_RECORDS);
    std::partial_sort(lines.begin(), lines.begin() + static_cast<ptrdiff_t>(count), lines.end());
    lines.resize(count);
    for (const auto& [line, bad] : lines) {
        skipped.first.push_back({path_ + ":" + std::to_string(line), bad->reason});
    }
    return skipped;
}

} // namespace user_chk
