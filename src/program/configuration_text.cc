// SPDX-License-Identifier: MPL-2.0
// Implements the reading of a configuration file. Kea's own parser for JSON knows none of what is added to
// that, and those of its servers are not in its libraries.

#include <program/configuration_text.h>

#include <source/file_content.h>
#include <system/whole_file.h>

#include <exceptions/exceptions.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <system_error>

namespace user_chk::program {

using isc::data::Element;
using isc::data::ElementPtr;

namespace {

constexpr int MOST_INCLUDES = 10; // one within the other

std::string contentOf(const std::string& path) {
    FileSignature signature;
    const FileDescriptor file = openContent(path, signature);
    std::string text;
    const int error = readWhole(file, text);
    if (error != 0) {
        isc_throw(isc::InvalidOperation, path << ": " << std::generic_category().message(error));
    }
    return text;
}

// Makes JSON of the text of one file.
class Plain {
public:
    Plain(const std::string& path, int depth)
        : path_(path), depth_(depth), source_(contentOf(path)), rest_(source_) {}

    std::string text() {
        while (!rest_.empty()) {
            step();
        }
        return std::move(json_);
    }

private:
    void step() {
        if (rest_.front() == '"') {
            takeString();
        } else if (rest_.front() == '#' || startsWith("//")) {
            skip(std::min(rest_.find('\n'), rest_.size()));
        } else if (startsWith("/*")) {
            skip(endOf("*/", 2));
        } else if (startsWith("<?include")) {
            include();
        } else {
            takeOne();
        }
    }

    void takeString() {
        size_t end = 1;
        while (end < rest_.size() && rest_[end] != '"') {
            end += rest_[end] == '\\' ? 2 : 1;
        }
        end = std::min(end + 1, rest_.size());
        json_ += rest_.substr(0, end);
        rest_.remove_prefix(end);
    }

    void takeOne() {
        const char c = rest_.front();
        const size_t last = json_.find_last_not_of(" \t\r\n");
        if ((c == '}' || c == ']') && last != std::string::npos && json_[last] == ',') {
            json_[last] = ' ';
        }
        json_ += c;
        rest_.remove_prefix(1);
    }

    void include() {
        const size_t end = endOf("?>", 0);
        const std::string_view directive = rest_.substr(0, end);
        const size_t first = directive.find('"');
        const size_t last = directive.rfind('"');
        if (first == last || depth_ == MOST_INCLUDES) {
            isc_throw(isc::BadValue, path_ << ": bad or too deep: " << directive);
        }
        const std::string path(directive.substr(first + 1, last - first - 1));
        json_ += Plain(path, depth_ + 1).text();
        skip(end);
    }

    // Lines keep their numbers.
    void skip(size_t length) {
        json_.append(static_cast<size_t>(
                         std::count(rest_.begin(), rest_.begin() + static_cast<ptrdiff_t>(length), '\n')),
                     '\n');
        rest_.remove_prefix(length);
    }

    size_t endOf(std::string_view mark, size_t from) const {
        const size_t at = rest_.find(mark, from);
        return at == std::string_view::npos ? rest_.size() : at + mark.size();
    }

    bool startsWith(std::string_view start) const { return rest_.substr(0, start.size()) == start; }

    const std::string& path_;
    const int depth_;
    const std::string source_;
    std::string_view rest_;
    std::string json_;
};

} // namespace

ElementPtr readConfiguration(const std::string& path) {
    std::istringstream json(Plain(path, 0).text());
    try {
        return Element::fromJSON(json, path);
    } catch (const std::exception& ex) { // the parser of Kea 2.6 throws the standard library's as well
        isc_throw(isc::BadValue, path << ": " << ex.what());
    }
}

} // namespace user_chk::program
