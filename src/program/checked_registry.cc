// SPDX-License-Identifier: MPL-2.0
// Implements the check of a registry file: loads it like a server that skips bad records, and reports what is
// skipped or remarked on.

#include <program/checked_registry.h>

#include <identity/id_tag.h>
#include <identity/id_text.h>
#include <program/place_in_line.h>
#include <source/record_loader.h>
#include <source/record_reader.h>
#include <system/utf8.h>
#include <user_file.h>

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace user_chk::program {

namespace {

class RegistryCheck {
public:
    RegistryCheck(const std::string& path, const FileDescriptor& file, const CheckRules& rules)
        : path_(path), file_(file), rules_(rules), comparison_(compareFile(file, {}, next_number_)) {
        comparison_.text.append(RecordParser::PADDING, '\n');
    }

    std::vector<Finding> run() {
        takeOutNoText();
        load();
        sort();
        place();
        sort();
        return std::move(findings_);
    }

private:
    // Calls a function for each line in the wanted blocks that has a record, or should have one.
    template <typename IsWanted, typename Visit>
    void forEachLine(const IsWanted& is_wanted, const Visit& visit) {
        for (const NewLines& lines : comparison_.new_lines) {
            if (is_wanted(lines)) {
                reader_.begin(std::string_view(comparison_.text).substr(lines.begin, lines.length),
                              lines.first_line);
                while (reader_.next()) {
                    visit();
                }
            }
        }
    }

    void find(size_t line, bool is_error, std::string reason) {
        findings_.push_back({line, 1, is_error, std::move(reason)});
    }

    // For a server, a NUL byte makes the whole file bad. Here the line becomes a comment, so that other
    // errors are reported too.
    void takeOutNoText() {
        const std::string_view text(comparison_.text);
        if (isUtf16(text) || text.find('\0') == std::string_view::npos) {
            return;
        }
        forEachLine([](const NewLines&) { return true; },
                    [&] {
                        if (!reader_.isNoText()) {
                            return;
                        }
                        try {
                            reader_.record();
                        } catch (const isc::Exception& ex) {
                            find(reader_.line(), true, printable(ex.what()));
                            place(findings_.back(), std::nullopt);
                            comparison_.text[static_cast<size_t>(reader_.text().data() - text.data())] = '#';
                        }
                    });
    }

    void load() {
        const RecordRules rules{rules_.reader, true,
                                [this](const std::string& text, size_t line) { find(line, false, text); }};
        try {
            const LoadedRecords loaded = loadAll({path_, file_, comparison_}, rules, Users());
            for (const BadLine& bad : loaded.odd.bad) {
                find(bad.line, true, bad.reason);
            }
            tellOfMissingEnd(loaded.odd.bad);
            tellOfSameTwice(loaded.odd);
        } catch (const UserFileError& ex) { // of the file as a whole
            const std::string reason = ex.what();
            const std::string start = path_ + ": ";
            find(1, true, boost::starts_with(reason, start) ? reason.substr(start.size()) : reason);
        }
    }

    // A server that skips bad records skips equal records of one user without reporting them.
    void tellOfSameTwice(const OddLines& odd) {
        std::unordered_set<UserId, HashOfId> same;
        std::unordered_set<uint32_t> blocks;
        for (const RepeatedLine& repeated : odd.repeated) {
            same.insert(repeated.id);
            blocks.insert(repeated.block);
        }
        for (const BadLine& bad : odd.bad) {
            if (bad.id) {
                same.erase(*bad.id);
            }
        }
        if (same.empty()) {
            return;
        }
        std::unordered_map<UserId, size_t, HashOfId> first_lines;
        forEachLine([&](const NewLines& lines) { return blocks.count(lines.block) != 0; },
                    [&] {
                        const auto id = idHere();
                        if (!id || same.count(*id) == 0) {
                            return;
                        }
                        const auto [first, is_new] = first_lines.emplace(*id, reader_.line());
                        if (!is_new) {
                            find(reader_.line(), rules_.same_twice_is_error,
                                 "duplicate user: " + user_chk::textOf(*id) + ", already in line " +
                                     std::to_string(first->second) + ", with the same attributes");
                        }
                    });
    }

    std::optional<UserId> idHere() {
        const Record* record = nullptr;
        try {
            record = &reader_.record();
        } catch (const isc::Exception&) {
            record = reader_.idOfBadRecord();
        }
        return record != nullptr ? std::make_optional(record->userId()) : std::nullopt;
    }

    // Must be called when the last finding is on the last bad line.
    void tellOfMissingEnd(const std::vector<BadLine>& bad) {
        if (RecordReader::lacksLineEnd(comparison_.unfinished) && !bad.empty() &&
            bad.back().text == Fingerprint::of(comparison_.unfinished)) {
            findings_.back().reason += "; the line does not end with a newline, as if the file were cut off";
        }
    }

    void place() {
        auto next = findings_.begin();
        forEachLine([&](const NewLines&) { return next != findings_.end(); },
                    [&] {
                        while (next != findings_.end() && next->line < reader_.line()) {
                            ++next; // of a line that is a comment now, which was reported already
                        }
                        if (next == findings_.end() || next->line != reader_.line()) {
                            return;
                        }
                        const auto id = idHere();
                        for (; next != findings_.end() && next->line == reader_.line(); ++next) {
                            place(*next, id);
                        }
                    });
    }

    void place(Finding& finding, const std::optional<UserId>& id) {
        PlacedReason placed = placeInLine(reader_.text(), finding.reason, id);
        finding.column = placed.column;
        finding.reason = std::move(placed.reason);
    }

    void sort() {
        std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& one, const Finding& other) {
            return std::tie(one.line, one.column) < std::tie(other.line, other.column);
        });
    }

    const std::string& path_;
    const FileDescriptor& file_;
    const CheckRules& rules_;
    uint32_t next_number_ = 1;
    Comparison comparison_;
    RecordReader reader_;
    std::vector<Finding> findings_;
};

} // namespace

std::vector<Finding> checkRegistry(const std::string& path, const FileDescriptor& file,
                                   const CheckRules& rules) {
    return RegistryCheck(path, file, rules).run();
}

} // namespace user_chk::program
