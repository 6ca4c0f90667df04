// SPDX-License-Identifier: MPL-2.0
// Implements RegistryEditor: users into lines, and lines into and out of a content.

#include <source/registry_editor.h>

#include <identity/id_remarks.h>
#include <registry/user_table.h>
#include <source/line_end.h>
#include <source/record_line.h>
#include <source/record_reader.h>
#include <system/utf8.h>
#include <user_file.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

namespace user_chk {

namespace {

using Outcome = ReplaceableFile::Outcome;

// How long the file's lock is left to other processes, which try for it now and then, before this one takes
// it again.
constexpr auto TURN_OF_OTHERS = 2 * Patience::PAUSE;

// A line of a content, its end included.
struct Extent {
    size_t begin;
    size_t length;
};

Extent extentOf(const std::string& text, size_t line) {
    size_t begin = byteOrderMark(text).size();
    for (; line > 1; --line) {
        begin = text.find('\n', begin) + 1;
    }
    const size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    return {begin, end - begin};
}

// The end of the last line of a text, as UserFile takes it: a last line may have none.
std::string_view lineEndOf(std::string_view text) {
    const size_t newline = !text.empty() && text.back() == '\n' ? 1 : 0;
    const std::string_view rest = text.substr(0, text.size() - newline);
    const size_t end = !rest.empty() && rest.back() == '\r' ? rest.size() - 1 : rest.size();
    return text.substr(end);
}

// The end that the last complete line of a content has.
std::string usualLineEnd(std::string_view text) {
    const size_t newline = text.rfind('\n');
    return newline == std::string_view::npos ? "\n" : std::string(lineEndOf(text.substr(0, newline + 1)));
}

std::string withLineAdded(std::string text, const std::string& line) {
    if (text.size() > byteOrderMark(text).size() && text.back() != '\n') {
        text += text.back() == '\r' ? "\n" : usualLineEnd(text);
    }
    const std::string end = usualLineEnd(text);
    return text + line + end;
}

std::string withLineReplaced(std::string text, size_t number, const std::string& line) {
    const Extent extent = extentOf(text, number);
    const size_t end = lineEndOf(std::string_view(text).substr(extent.begin, extent.length)).size();
    return text.replace(extent.begin, extent.length - end, line);
}

std::string withLineRemoved(std::string text, size_t number) {
    const Extent extent = extentOf(text, number);
    return text.erase(extent.begin, extent.length);
}

// The last line, empty when it has its end.
std::string lastLineOf(const std::string& text) {
    return text.substr(text.rfind('\n') + 1);
}

[[noreturn]] void refuse(const std::string& reason) {
    isc_throw(isc::BadValue, "invalid user: " << reason);
}

} // namespace

RegistryEditor::RegistryEditor(std::string path, AttributeReader reader, Lookup lookup,
                               std::chrono::milliseconds patience)
    : path_(std::move(path)), reader_(std::move(reader)), lookup_(std::move(lookup)), patience_(patience) {}

std::vector<std::string> RegistryEditor::remarksOn(const User& user) const {
    const UserId& id = user.getUserId();
    std::vector<std::string> remarks;
    try {
        if (reader_) {
            Meaning meaning = reader_(id.getType(), user.getProperties());
            checkForId(meaning, id.getId());
            remarks = std::move(meaning.remarks);
        }
    } catch (const isc::Exception& ex) {
        refuse(ex.what());
    }
    remarkOnId(id.getType(), id.getId(), remarks);
    return remarks;
}

bool RegistryEditor::add(const User& user) {
    const std::string record = lineFor(user);
    return edit(user.getUserId(), [&record](const std::string& text, size_t line) {
        return line != 0 ? std::nullopt : std::make_optional(withLineAdded(text, record));
    });
}

bool RegistryEditor::update(const User& user) {
    const std::string record = lineFor(user);
    return edit(user.getUserId(), [&record](const std::string& text, size_t line) {
        return line == 0 ? std::nullopt : std::make_optional(withLineReplaced(text, line, record));
    });
}

bool RegistryEditor::remove(const UserId& id) {
    return edit(id, [](const std::string& text, size_t line) {
        return line == 0 ? std::nullopt : std::make_optional(withLineRemoved(text, line));
    });
}

// Waits until those threads have edited that came before; the turn is over when what this returns is let go.
// The file's lock alone would do, but who tries for it now and then may come away empty while others get it
// again and again.
std::shared_ptr<void> RegistryEditor::takeTurn(const Patience& patience) {
    std::unique_lock<std::mutex> lock(mutex_);
    const uint64_t me = ++threads_;
    line_.push_back(me);
    if (!edited_.wait_until(lock, patience.end(), [this, me] { return line_.front() == me; })) {
        line_.erase(std::find(line_.begin(), line_.end(), me));
        isc_throw(UserDataSourceError, path_ << ": is being changed by other commands");
    }
    lock.unlock();
    std::this_thread::sleep_until(last_turn_ + TURN_OF_OTHERS);
    return std::shared_ptr<void>(nullptr, [this](void*) {
        const std::lock_guard<std::mutex> guard(mutex_);
        last_turn_ = Patience::Clock::now();
        line_.pop_front();
        edited_.notify_all();
    });
}

// Starts over when somebody has changed the file meanwhile; when the patience is over, for the last time.
bool RegistryEditor::edit(const UserId& id, const Change& change) {
    const Patience patience(patience_);
    const std::shared_ptr<void> turn = takeTurn(patience);
    bool was_done = false;
    bool is_last = false;
    do {
        is_last = patience.isOver();
        const std::optional<Outcome> outcome = tryToEdit(id, change, patience);
        if (!outcome) {
            // Nothing to do is what we want to see where it was done, and then somebody put there a file that
            // he had made of ours.
            return was_done;
        }
        if (*outcome == Outcome::REPLACED) {
            return true;
        }
        was_done = was_done || *outcome == Outcome::OVERTAKEN;
        std::this_thread::sleep_for(TURN_OF_OTHERS);
    } while (!is_last);
    isc_throw(UserDataSourceError, path_ << ": is changed all the time by another process");
}

// Nothing when there is nothing to do. A file whose last line somebody is writing is about to change, unless
// that was waited for long enough.
std::optional<Outcome> RegistryEditor::tryToEdit(const UserId& id, const Change& change,
                                                 const Patience& patience) const {
    try {
        const ReplaceableText file(path_, patience);
        if (lacksLineEnd(lastLineOf(file.text())) && !patience.isOver()) {
            return Outcome::CHANGED;
        }
        const std::optional<std::string> text = change(file.text(), lineOf(id, file.text()));
        return text ? std::make_optional(file.replaceBy(*text)) : std::nullopt;
    } catch (const FileError& ex) {
        isc_throw(UserDataSourceError, ex.what());
    }
}

// The line of a user, 0 for none. Refuses a content that no server would load.
size_t RegistryEditor::lineOf(const UserId& id, const std::string& text) const {
    if (const std::optional<size_t> line = lookup_ ? lookup_(text, id) : std::nullopt) {
        return *line;
    }
    if (isUtf16(text)) {
        isc_throw(UserFileError, path_ << ": is UTF-16, save the file as UTF-8");
    }
    UserTable table(reader_);
    const std::string padded = text + std::string(RecordParser::PADDING, '\n');
    RecordReader reader;
    reader.begin(std::string_view(padded).substr(0, text.size()));
    while (reader.next()) {
        const auto line = static_cast<uint32_t>(reader.line());
        try {
            const Record& record = reader.record();
            if (!table.add(record.type, record.id, record.attributes, line, line)) {
                isc_throw(UserFileError, "duplicate user: " << UserId(record.type, record.id));
            }
        } catch (const isc::Exception& ex) {
            isc_throw(UserFileError, path_ << ":" << line << ": " << printable(ex.what()));
        }
    }
    const auto entry = table.entryOf(id.getType(), id.getId());
    return entry ? entry->block : 0;
}

std::string RegistryEditor::lineFor(const User& user) const {
    const PropertyMap& attributes = user.getProperties();
    for (const char* name : {"", "type", "id"}) {
        if (attributes.count(name) != 0) {
            refuse("an attribute may not be named '" + std::string(name) + "'");
        }
    }
    std::string line = recordLine(user.getUserId(), attributes);
    if (line.size() > RecordParser::MAX_LINE) {
        refuse("its line would be " + std::to_string(line.size()) + " bytes long, must be at most " +
               std::to_string(RecordParser::MAX_LINE));
    }
    static_cast<void>(remarksOn(user));
    return line;
}

} // namespace user_chk
