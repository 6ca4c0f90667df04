// SPDX-License-Identifier: MPL-2.0
// Implements the reading of JSON with Kea's extensions, and of configuration files.

#include <program/kea_json.h>

#include <program/given_text.h>

#include <source/file_content.h>
#include <source/json_escapes.h>
#include <system/whole_file.h>

#include <exceptions/exceptions.h>

#include <boost/algorithm/string/replace.hpp>

#include <algorithm>
#include <istream>
#include <sstream>
#include <string_view>
#include <system_error>

namespace user_chk::program {

using isc::data::Element;
using isc::data::ElementPtr;

namespace {

constexpr int DEEPEST = 100;
constexpr int MOST_INCLUDES = 10; // one within the other

// Converts a text to plain JSON. Replaces extensions by blanks, so that lines and columns stay the same.
class Plain {
public:
    Plain(std::string text, const OnInclude& on_include) : text_(std::move(text)), on_include_(on_include) {}

    std::string make() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"') {
                pass(endOfString());
                last_ = at_ - 1;
            } else if (c == '#' || starts("//")) {
                blank(text_.find('\n', at_));
            } else if (starts("/*")) {
                blank(behind("*/"));
            } else if (starts("<?")) {
                takeDirective();
            } else {
                takeSign(c);
            }
        }
        return std::move(text_);
    }

private:
    bool starts(std::string_view sign) const {
        return std::string_view(text_).substr(at_, sign.size()) == sign;
    }

    size_t behind(std::string_view end) const {
        const size_t found = text_.find(end, at_ + end.size());
        return found == std::string::npos ? found : found + end.size();
    }

    size_t endOfString() const {
        size_t end = at_ + 1;
        while (end < text_.size() && text_[end] != '"') {
            end += text_[end] == '\\' ? 2 : 1;
        }
        return end + 1;
    }

    void pass(size_t end) {
        for (end = std::min(end, text_.size()); at_ < end; ++at_) {
            line_ += text_[at_] == '\n' ? 1 : 0;
        }
    }

    void blank(size_t end) {
        const size_t begin = at_;
        pass(end);
        std::replace_if(
            text_.begin() + static_cast<ptrdiff_t>(begin), text_.begin() + static_cast<ptrdiff_t>(at_),
            [](char c) { return c != '\n'; }, ' ');
    }

    void takeDirective() {
        const size_t end = std::min(behind("?>"), text_.size());
        const std::string instead = on_include_(line_, text_.substr(at_, end - at_));
        blank(end);
        text_.insert(at_, instead);
        at_ += instead.size();
        last_ = instead.empty() ? last_ : at_ - 1;
    }

    // Kea ignores a comma before a closing bracket.
    void takeSign(char c) {
        if ((c == '}' || c == ']') && last_ < text_.size() && text_[last_] == ',') {
            text_[last_] = ' ';
        }
        last_ = std::string_view(" \t\r\n").find(c) == std::string_view::npos ? at_ : last_;
        pass(at_ + 1);
    }

    std::string text_;
    const OnInclude& on_include_;
    size_t at_ = 0;
    size_t line_ = 1;
    size_t last_ = std::string::npos; // the last position that is not a blank
};

// Returns a JSON string with its escapes decoded as by Kea's parser.
std::string decoded(const std::string& json) {
    std::string all;
    for (Lines lines(json); lines.next();) {
        try {
            all.append(DecodedEscapes(lines.text()).text()).append(1, '\n');
        } catch (const isc::Exception& ex) {
            isc_throw(isc::BadValue, ex.what() << " of line " << lines.number());
        }
    }
    return all;
}

ElementPtr parse(std::istream& json, int& line, int& column) {
    try {
        return Element::fromJSON(json, "line", line, column);
    } catch (const isc::data::JSONError& ex) {
        isc_throw(isc::BadValue, boost::replace_last_copy(std::string(ex.what()), " in line:", " in line "));
    }
}

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

// Puts plain JSON of a file in the place of each directive.
class Includer {
public:
    explicit Includer(int depth) : depth_(depth) {}

    std::string operator()(size_t line, const std::string& directive) const {
        const size_t first = directive.find('"');
        const size_t last = directive.rfind('"');
        if (first == last || depth_ == MOST_INCLUDES) {
            isc_throw(isc::BadValue, "invalid or nested too deeply: " << directive << " in line " << line);
        }
        const std::string path = directive.substr(first + 1, last - first - 1);
        return plainJson(contentOf(path), Includer(depth_ + 1));
    }

private:
    const int depth_;
};

} // namespace

std::string plainJson(std::string text, const OnInclude& on_include) {
    return Plain(std::move(text), on_include).make();
}

ElementPtr readKeaJson(const std::string& text, const OnInclude& on_include) {
    std::istringstream json(decoded(plainJson(text, on_include)));
    if (nestingDepth(json.str()) > DEEPEST) {
        isc_throw(isc::BadValue, "it is nested too deeply for a Kea configuration");
    }
    int line = 1;
    int column = 1;
    ElementPtr parsed = parse(json, line, column);
    json >> std::ws;
    if (!json.eof()) {
        isc_throw(isc::BadValue, "there is text after the end of the JSON, in line " << line);
    }
    return parsed;
}

ElementPtr readConfiguration(const std::string& path) {
    const std::string text = contentOf(path);
    try {
        return readKeaJson(text, Includer(0));
    } catch (const std::exception& ex) { // the parser of Kea 2.6 throws the standard library's as well
        isc_throw(isc::BadValue, path << ": " << ex.what());
    }
}

} // namespace user_chk::program
