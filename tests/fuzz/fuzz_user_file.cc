// SPDX-License-Identifier: MPL-2.0
// Fuzzes whole registry files: loading one has the same result as its lines one by one, or changes nothing.

#include <fuzz/expect.h>
#include <registry/registry.h>
#include <source/file_blocks.h>
#include <source/file_content.h>
#include <source/record_loader.h>
#include <source/record_parser.h>
#include <system/file_descriptor.h>
#include <system/utf8.h>
#include <user_file.h>

#include <sys/mman.h>

#include <map>
#include <optional>
#include <set>
#include <sstream>

namespace user_chk {
namespace {

using fuzz::errorOf;
using fuzz::expect;

// A file that exists in memory only, so that no disk slows the fuzzer down.
class MemoryFile {
public:
    explicit MemoryFile(const std::string& text) : fd_(::memfd_create("registry", MFD_CLOEXEC)) {
        const ssize_t written = ::write(fd_.get(), text.data(), text.size());
        expect(written == static_cast<ssize_t>(text.size()), "the file is written");
    }
    std::string path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

private:
    FileDescriptor fd_;
};

// The expected content of a file, according to its lines.
struct Expected {
    bool utf16 = false;
    std::map<UserId, PropertyMap> users;
    size_t bad_line = 0; // the first that is not a user, 0 for none
    std::string bad_reason;
    std::set<size_t> duplicates; // the lines whose id an earlier line has

    bool good() const { return !utf16 && bad_line == 0 && duplicates.empty(); }
};

bool holdsRecord(const std::string& line) {
    return line.find_first_not_of(" \t\r") != std::string::npos && line.front() != '#';
}

void addLine(Expected& expected, size_t number, const std::string& line) {
    const auto error = errorOf<UserFileError>([&] {
        const UserPtr user = UserFile::makeUser(line);
        if (!expected.users.emplace(user->getUserId(), user->getProperties()).second) {
            expected.duplicates.insert(number);
        }
    });
    if (error && expected.bad_line == 0) {
        expected.bad_line = number;
        expected.bad_reason = *error;
    }
}

Expected expectedOf(const std::string& text) {
    Expected expected;
    expected.utf16 = isUtf16(text);
    std::istringstream lines(text.substr(text.compare(0, 3, "\xef\xbb\xbf") == 0 ? 3 : 0));
    size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        if (holdsRecord(line)) {
            addLine(expected, number, line);
        }
    }
    return expected;
}

// Removes "FILE:LINE: " from the front of an error, and returns LINE.
size_t takeLine(const std::string& path, std::string& error) {
    expect(error.compare(0, path.size() + 1, path + ":") == 0, "error starts with the file: " + error);
    error.erase(0, path.size() + 1);
    const size_t digits = error.find_first_not_of("0123456789");
    expect(digits > 0 && error.compare(digits, 2, ": ") == 0, "the line follows the file: " + error);
    const size_t line = std::stoul(error);
    error.erase(0, digits + 2);
    return line;
}

void checkError(const Expected& expected, const std::string& path, std::string error) {
    if (expected.utf16) {
        expect(error == path + ": is UTF-16, save the file as UTF-8", "UTF-16 is told: " + error);
        return;
    }
    const size_t line = takeLine(path, error);
    if (expected.duplicates.count(line) != 0) {
        expect(error.find("duplicate") != std::string::npos, "the error says what is wrong: " + error);
        return;
    }
    expect(line == expected.bad_line, "the first bad line is told: " + std::to_string(line) + ": " + error);
    expect(error == expected.bad_reason, "the reason is told: " + error);
}

void checkUsers(const Expected& expected, const Registry& registry) {
    expect(registry.size() == expected.users.size(), "one user a record");
    for (const auto& [id, properties] : expected.users) {
        const auto attributes = registry.find(id);
        expect(attributes != nullptr, "the user is found");
        expect(attributes->properties == properties, "the user has its attributes");
    }
}

// A registry and what it was read from.
struct Loaded {
    Registry registry;
    std::vector<Block> blocks;
    uint32_t next_number = 0;
};

// Returns the error.
std::optional<std::string> load(Loaded& loaded, const std::string& path) {
    FileSignature signature;
    const FileDescriptor file = openContent(path, signature);
    Comparison comparison = compareFile(file, loaded.blocks, loaded.next_number);
    comparison.text.append(RecordParser::PADDING, '\n');
    const FileOfRecords of{path, file, comparison};
    return errorOf<UserFileError>([&] {
        if (loaded.blocks.empty()) {
            loaded.registry.replace(loadAll(of, {}, Users()).users);
        } else {
            loaded.registry.apply(*loadChanges(of, {}, *loaded.registry.users(), {})->users);
        }
        loaded.blocks = comparison.blocks;
    });
}

void check(const std::string& text, Loaded& loaded) {
    const Expected expected = expectedOf(text);
    const MemoryFile file(text);
    const std::string before = loaded.registry.revision();
    const bool at_once = loaded.blocks.empty();
    const auto error = load(loaded, file.path());
    expect(error.has_value() != expected.good(),
           "refused exactly when a line is wrong: " + error.value_or(""));
    if (error) {
        expect(loaded.registry.revision() == before, "nothing has changed");
        if (at_once) { // otherwise the other one of two lines may be the new one
            checkError(expected, file.path(), *error);
        }
    } else {
        checkUsers(expected, loaded.registry);
    }
}

// Loads a file at once, and after some of its lines: a change has the same result as reading everything.
void checkFile(const std::string& text) {
    Loaded at_once;
    check(text, at_once);
    Loaded step_by_step;
    const size_t some = text.find('\n', text.size() / 2);
    if (some != std::string::npos) {
        check(text.substr(0, some + 1), step_by_step);
    }
    check(text, step_by_step);
    check(text.substr(text.find('\n') + 1), step_by_step);
}

} // namespace
} // namespace user_chk

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    user_chk::checkFile(std::string(reinterpret_cast<const char*>(data), size));
    return 0;
}
