// SPDX-License-Identifier: MPL-2.0
// Implements LastGoodCopy.

#include <source/last_good_copy.h>

#include <registry/table_filler.h>
#include <source/record_line.h>
#include <source/record_parser.h>
#include <system/file_descriptor.h>
#include <system/new_file.h>
#include <system/utc_time.h>
#include <system/utf8.h>
#include <system/whole_file.h>
#include <user_file.h>

#include <exceptions/exceptions.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <exception>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace user_chk {

namespace {

// The content of the first line, in this order.
struct Header {
    std::string written;
    std::string revision;
    std::string users;
    std::string source;
    std::string cursor; // after the number of users, if present
};

constexpr std::string_view MAGIC = "# user-chk registry copy, written ";
constexpr std::string_view REVISION = ", revision ";
constexpr std::string_view USERS = ", users ";
constexpr std::string_view CURSOR = ", cursor ";
constexpr std::string_view SOURCE = ", of ";

std::string headerText(const Header& header) {
    std::string text;
    for (const std::string_view part :
         {MAGIC, std::string_view(header.written), REVISION, std::string_view(header.revision), USERS,
          std::string_view(header.users), header.cursor.empty() ? std::string_view() : CURSOR,
          std::string_view(header.cursor), SOURCE, std::string_view(header.source)}) {
        text += part;
    }
    return text + "\n";
}

// Splits a text at a word: moves what precedes the word out of the text, and drops the word. Returns false
// when the text does not have it.
bool takeBefore(std::string_view word, std::string_view& text, std::string& taken) {
    const size_t end = text.find(word);
    if (end == std::string_view::npos) {
        return false;
    }
    taken = text.substr(0, end);
    text.remove_prefix(end + word.size());
    return true;
}

// Removes the first line from a content. Returns false when it is not a header.
bool takeHeader(std::string_view& content, Header& header) {
    std::string before;
    const bool taken = takeBefore(MAGIC, content, before) && before.empty() &&
                       takeBefore(REVISION, content, header.written) &&
                       takeBefore(USERS, content, header.revision) &&
                       takeBefore(SOURCE, content, header.users) && takeBefore("\n", content, header.source);
    const size_t cursor = header.users.find(CURSOR);
    if (cursor != std::string::npos) {
        header.cursor = header.users.substr(cursor + CURSOR.size());
        header.users.resize(cursor);
    }
    return taken;
}

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
    throw CopyError(path + ": " + reason);
}

// Where others may create files, what is there may be a trap.
void checkKind(const std::string& path) {
    struct stat named;
    if (::lstat(path.c_str(), &named) == 0 && !S_ISREG(named.st_mode)) {
        fail(path, S_ISLNK(named.st_mode) ? "is a symbolic link" : "is not a regular file");
    }
}

std::string contentOf(const std::string& path) {
    checkKind(path);
    const FileDescriptor file(
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    std::string content;
    const int error = file ? readWhole(file, content) : errno;
    if (error != 0) {
        fail(path, std::generic_category().message(error));
    }
    return content;
}

// A comment with the version of the records in the lines that follow.
constexpr std::string_view VERSION = "# version ";

uint32_t versionIn(std::string_view line) {
    uint32_t version = 0;
    line.remove_prefix(VERSION.size());
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), version);
    if (error != std::errc() || end != line.data() + line.size()) {
        isc_throw(isc::BadValue, "invalid version");
    }
    return version;
}

// A line may be longer than in a registry file: it says the same in more bytes.
const Record& recordIn(RecordParser& parser, std::string_view line) {
    const Record* record = parser.parseFast(line);
    return record != nullptr ? *record : parser.parseWithKea(line);
}

// Returns the users in the lines after the header. The parser must be able to read beyond their end.
std::shared_ptr<const UserTable> usersIn(const std::string& path, std::string_view lines,
                                         const AttributeReader& reader) {
    const auto users = std::make_shared<UserTable>(reader);
    users->reserve(static_cast<size_t>(std::count(lines.begin(), lines.end(), '\n')));
    TableFiller filler(*users, [&path](const TableFiller::User& user) {
        std::ostringstream reason;
        reason << "duplicate user: " << user.userId();
        fail(path + ":" + std::to_string(user.line), reason.str());
    });
    RecordParser parser;
    uint32_t version = 0;
    for (size_t number = 2; !lines.empty(); ++number) {
        const size_t end = std::min(lines.find('\n'), lines.size());
        try {
            if (lines.substr(0, VERSION.size()) == VERSION) {
                version = versionIn(lines.substr(0, end));
            } else {
                const Record& record = recordIn(parser, lines.substr(0, end));
                const uint32_t set = users->prepare(record.tag(), record.id, record.attributes);
                filler.add(record.tag(), record.id, set, number, version);
            }
        } catch (const isc::Exception& ex) {
            fail(path + ":" + std::to_string(number), printable(ex.what()));
        }
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    filler.settle();
    for (const UserTable::Shared& shared : users->shared()) {
        std::ostringstream reason;
        reason << "duplicate id: " << shared.id;
        fail(path, reason.str());
    }
    users->seal();
    return users;
}

} // namespace

LastGoodCopy::LastGoodCopy(std::string path, const std::string& source)
    : path_(std::move(path)), source_(printable(source)) {}

void LastGoodCopy::write(const Users& users, const std::string& cursor) const {
    checkKind(path_);
    try {
        NewFile file(path_);
        file.write(headerText({utcText(std::chrono::system_clock::now()), users.digest().text(),
                               std::to_string(users.size()), source_, cursor}));
        uint32_t version = 0;
        users.forEachAfter(std::nullopt, users.size(), [&](const UserId& id, const AttributeSet& set) {
            const uint32_t next = cursor.empty() ? 0 : users.entryOf(id)->note;
            if (next != version) {
                version = next;
                file.write(std::string(VERSION) + std::to_string(version) + "\n");
            }
            file.write(recordLine(id, set.attributes.properties) + "\n");
        });
        const int error = file.putInPlace();
        if (error != 0) {
            fail(path_,
                 "has been replaced, but a crash may undo that: " + std::generic_category().message(error));
        }
    } catch (const CopyError&) {
        throw;
    } catch (const std::system_error& ex) {
        const bool busy = ex.code().value() == EBUSY;
        fail(path_, busy ? "is being written by another process" : ex.code().message());
    } catch (const std::exception& ex) {
        fail(path_, ex.what());
    }
}

LastGoodCopy::Content LastGoodCopy::read(const AttributeReader& reader) const {
    try {
        std::string content = contentOf(path_);
        const size_t length = content.size();
        content.append(RecordParser::PADDING, '\n');
        std::string_view lines = std::string_view(content).substr(0, length);
        Header header;
        if (!takeHeader(lines, header)) {
            fail(path_, "is not a copy of a registry");
        }
        if (header.source != source_) {
            fail(path_, "is a copy of another source: " + printable(header.source));
        }
        Content read{usersIn(path_, lines, reader), parseRfc3339(header.written), header.cursor};
        if (std::to_string(read.users->size()) != header.users ||
            read.users->digest().text() != header.revision) {
            fail(path_, "is damaged, its users do not match its revision");
        }
        return read;
    } catch (const CopyError&) {
        throw;
    } catch (const std::exception& ex) {
        fail(path_, printable(ex.what()));
    }
}

} // namespace user_chk
