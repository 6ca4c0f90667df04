// SPDX-License-Identifier: MPL-2.0
// Fuzzes lines of a registry file: what simdjson accepts as a record, Kea accepts too, as the same one.

#include <fuzz/expect.h>
#include <source/record_parser.h>
#include <user_file.h>

namespace user_chk {
namespace {

using fuzz::errorOf;
using fuzz::expect;

// The content of a record, without views.
struct Meaning {
    UserId id;
    PropertyMap attributes;

    bool operator==(const Meaning& other) const { return id == other.id && attributes == other.attributes; }
};
typedef std::optional<Meaning> MaybeMeaning;

// A line in its own memory, followed by exactly the bytes that the parser requires.
class PaddedLine {
public:
    PaddedLine(const std::string& line, char padding)
        : buffer_(line.begin(), line.end()), size_(line.size()) {
        buffer_.resize(size_ + RecordParser::PADDING, padding);
        buffer_.shrink_to_fit();
    }
    std::string_view view() const { return {buffer_.data(), size_}; }

private:
    std::vector<char> buffer_;
    size_t size_;
};

Meaning meaningOf(const Record& record) {
    const PropertyMap attributes(record.attributes.begin(), record.attributes.end());
    expect(attributes.size() == record.attributes.size(), "every name stands once");
    return {record.userId(), attributes};
}

Meaning meaningOf(const User& user) {
    return {user.getUserId(), user.getProperties()};
}

MaybeMeaning readFast(RecordParser& parser, const std::string& line, char padding) {
    const PaddedLine padded(line, padding);
    const Record* record = parser.parseFast(padded.view());
    return record != nullptr ? MaybeMeaning(meaningOf(*record)) : std::nullopt;
}

void checkLine(const std::string& line) {
    RecordParser parser;
    MaybeMeaning by_kea;
    MaybeMeaning by_parser;
    MaybeMeaning by_file;
    const PaddedLine padded(line, '\n');
    const auto kea_error = errorOf<UserFileError>([&] { by_kea = meaningOf(parser.parseWithKea(line)); });

    for (const char padding : {'\n', '\0', '"', '}'}) {
        const MaybeMeaning by_simdjson = readFast(parser, line, padding);
        expect(!by_simdjson || by_simdjson == by_kea, "what simdjson takes, Kea takes, and reads the same");
    }

    // The same parser again: what it parsed before leaves no trace.
    const auto error = errorOf<UserFileError>([&] { by_parser = meaningOf(parser.parse(padded.view())); });
    expect(by_parser == by_kea, "a record is what Kea takes for one");
    expect(error == kea_error, "Kea words the error");

    const auto file_error = errorOf<UserFileError>([&] { by_file = meaningOf(*UserFile::makeUser(line)); });
    expect(by_file == by_kea, "a user is made of what Kea takes for a record");
    expect(file_error == kea_error, "UserFile words the error as Kea does");
}

} // namespace
} // namespace user_chk

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size <= user_chk::RecordParser::MAX_LINE) {
        user_chk::checkLine(std::string(reinterpret_cast<const char*>(data), size));
    }
    return 0;
}
