// SPDX-License-Identifier: MPL-2.0
// Implements the reading of JSON in the form of Kea's configurations.

#include <program/kea_json.h>

#include <program/given_text.h>

#include <source/json_escapes.h>

#include <exceptions/exceptions.h>

#include <boost/algorithm/string/replace.hpp>

#include <algorithm>
#include <istream>
#include <sstream>
#include <string_view>

namespace user_chk::program {

using isc::data::Element;
using isc::data::ElementPtr;

namespace {

constexpr int DEEPEST = 100;

// Makes plain JSON of a text: blanks in the place of what it does not have, so that lines and columns stay.
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

    // A comma before a closing bracket means nothing to Kea.
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
    size_t last_ = std::string::npos; // the last place of what is no blank
};

// Escapes as Kea's parser reads them.
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

} // namespace user_chk::program
