// SPDX-License-Identifier: MPL-2.0
// Implements the parser of dhcpd configurations.

#include <program/dhcpd_syntax.h>

#include <exceptions/exceptions.h>

#include <algorithm>
#include <cctype>
#include <optional>

namespace user_chk::program {

namespace {

constexpr std::string_view SIGNS = "{}();,=";
constexpr int DEEPEST_BLOCK = 100;

bool isBlank(char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0;
}

// Splits a text into words.
class WordReader {
public:
    explicit WordReader(std::string_view text) : text_(text) {}

    // Returns the next word, an empty one at the end of the text.
    DhcpdWord next() {
        skipBlanks();
        DhcpdWord word;
        word.line = line_;
        if (at_ >= text_.size()) {
            return word;
        }
        const char c = text_[at_];
        if (SIGNS.find(c) != std::string_view::npos) {
            ++at_;
            word.text = c;
            word.is_sign = true;
        } else if (c == '"') {
            word.is_quoted = true;
            word.text = quoted();
        } else {
            const size_t begin = at_;
            while (at_ < text_.size() && !isBlank(text_[at_]) && !endsWord(text_[at_])) {
                ++at_;
            }
            word.text = text_.substr(begin, at_ - begin);
        }
        return word;
    }

    size_t line() const { return line_; }

private:
    static bool endsWord(char c) { return SIGNS.find(c) != std::string_view::npos || c == '"' || c == '#'; }

    void skipBlanks() {
        while (at_ < text_.size() && (isBlank(text_[at_]) || text_[at_] == '#')) {
            if (text_[at_] == '#') {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else {
                line_ += text_[at_++] == '\n' ? 1 : 0;
            }
        }
    }

    // Reads a text in quotes; its closing quote may be missing.
    std::string quoted() {
        std::string word;
        for (++at_; at_ < text_.size() && text_[at_] != '"';) {
            line_ += text_[at_] == '\n' ? 1 : 0;
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                ++at_;
                word += escaped();
            } else {
                word += text_[at_++];
            }
        }
        at_ = std::min(at_ + 1, text_.size());
        return word;
    }

    // Reads the character after a backslash.
    char escaped() {
        const char c = text_[at_];
        if (c >= '0' && c <= '7') {
            return numbered(8, 3);
        }
        ++at_;
        switch (c) {
        case 'x':
            return numbered(16, 2);
        case 't':
            return '\t';
        case 'r':
            return '\r';
        case 'n':
            return '\n';
        case 'b':
            return '\b';
        default:
            line_ += c == '\n' ? 1 : 0;
            return c;
        }
    }

    char numbered(int base, size_t most) {
        const std::string_view digits = base == 8 ? "01234567" : "0123456789abcdef";
        int value = 0;
        for (size_t count = 0; count < most && at_ < text_.size(); ++count, ++at_) {
            const size_t digit =
                digits.find(static_cast<char>(std::tolower(static_cast<unsigned char>(text_[at_]))));
            if (digit == std::string_view::npos) {
                break;
            }
            value = value * base + static_cast<int>(digit);
        }
        return static_cast<char>(value);
    }

    const std::string_view text_;
    size_t at_ = 0;
    size_t line_ = 1;
};

class Parser {
public:
    explicit Parser(std::string_view text) : words_(text) {}

    // Reads the statements up to the closing brace of a block, or to the end of the text.
    std::vector<DhcpdStatement> body(int depth, bool& is_closed) {
        if (depth > DEEPEST_BLOCK) {
            isc_throw(isc::BadValue, "line " << words_.line() << ": blocks are nested too deeply");
        }
        std::vector<DhcpdStatement> statements;
        is_closed = false;
        while (auto one = statement(depth, is_closed)) {
            if (!one->words.empty() || one->is_block || !one->error.empty()) {
                statements.push_back(std::move(*one));
            }
            if (is_closed) {
                break;
            }
        }
        return statements;
    }

private:
    // Returns none at the end of the text. Sets is_closed at the brace that closes the enclosing block.
    std::optional<DhcpdStatement> statement(int depth, bool& is_closed) {
        DhcpdStatement read;
        for (DhcpdWord word = words_.next();; word = words_.next()) {
            read.line = read.words.empty() ? word.line : read.line;
            read.last_line = word.line;
            const bool is_end = word.text.empty() && !word.is_quoted;
            const std::string sign = word.is_sign ? word.text : "";
            if (is_end && read.words.empty()) {
                return std::nullopt;
            }
            if (sign == ";") {
                return read;
            }
            if (is_end || sign == "}") {
                is_closed = sign == "}";
                read.error = read.words.empty() ? "" : "its semicolon is missing";
                return read;
            }
            if (sign == "{" && !isDefinition(read)) {
                readBody(read, depth);
                return read;
            }
            read.words.push_back(std::move(word));
            if (sign == "{") {
                takeBraces(read);
            }
        }
    }

    // True for a record in the definition of an option: `option NAME code N = { ... };`.
    static bool isDefinition(const DhcpdStatement& read) {
        return !read.words.empty() && read.words.back().is_sign && read.words.back().text == "=";
    }

    void takeBraces(DhcpdStatement& read) {
        for (int depth = 1; depth > 0;) {
            DhcpdWord word = words_.next();
            if (word.text.empty() && !word.is_quoted) {
                return;
            }
            depth += !word.is_sign ? 0 : word.text == "{" ? 1 : word.text == "}" ? -1 : 0;
            read.words.push_back(std::move(word));
        }
    }

    void readBody(DhcpdStatement& read, int depth) {
        read.is_block = true;
        bool is_closed = false;
        read.body = body(depth + 1, is_closed);
        read.last_line = words_.line();
        if (!is_closed) {
            read.error = "its closing brace is missing";
        }
    }

    WordReader words_;
};

} // namespace

std::string DhcpdStatement::text() const {
    constexpr size_t LONG = 60;
    std::string all;
    for (const DhcpdWord& one : words) {
        all +=
            (all.empty() || one.text == "," ? "" : " ") + (one.is_quoted ? '"' + one.text + '"' : one.text);
    }
    return all.size() > LONG ? all.substr(0, LONG) + "..." : all;
}

std::vector<DhcpdStatement> readDhcpd(std::string_view text) {
    Parser parser(text);
    std::vector<DhcpdStatement> all;
    for (bool is_closed = true; is_closed;) {
        std::vector<DhcpdStatement> some = parser.body(0, is_closed);
        std::move(some.begin(), some.end(), std::back_inserter(all));
        if (is_closed) {
            DhcpdStatement brace;
            brace.line = brace.last_line = all.empty() ? 1 : all.back().last_line;
            brace.error = "there is a closing brace without an opening one";
            all.push_back(brace);
        }
    }
    return all;
}

} // namespace user_chk::program
