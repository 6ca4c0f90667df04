// SPDX-License-Identifier: MPL-2.0
// Implements the reading of input texts.

#include <program/given_text.h>

#include <system/utf8.h>

#include <exceptions/exceptions.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

#include <iconv.h>

namespace user_chk::program {

namespace {

std::string allOf(std::istream& stream) {
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string rawContent(const std::string& file) {
    if (file == STANDARD_INPUT) {
        return allOf(std::cin);
    }
    if (std::filesystem::is_directory(file)) {
        isc_throw(isc::BadValue, "cannot read " << file << ": " << std::generic_category().message(EISDIR));
    }
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::string text = stream ? allOf(stream) : std::string();
    if (!stream) {
        isc_throw(isc::BadValue, "cannot read " << file << ": " << std::generic_category().message(errno));
    }
    return text;
}

// Without a byte order mark, little-endian is assumed, as Windows writes it.
std::string fromUtf16(std::string text, const std::string& file) {
    const bool has_mark = text.substr(0, 2) == "\xff\xfe" || text.substr(0, 2) == "\xfe\xff";
    iconv_t converter = ::iconv_open("UTF-8", has_mark ? "UTF-16" : "UTF-16LE");
    std::string converted(text.size() * 2, '\0'); // two bytes become at most three
    char* from = text.data();
    char* to = converted.data();
    size_t left = text.size();
    size_t room = converted.size();
    const bool good = ::iconv(converter, &from, &left, &to, &room) != static_cast<size_t>(-1);
    ::iconv_close(converter);
    if (!good) {
        isc_throw(isc::BadValue, "cannot read " << file << ": it is broken UTF-16, must be UTF-8");
    }
    converted.resize(converted.size() - room);
    return converted;
}

} // namespace

std::string readGivenText(const std::string& file) {
    std::string text = rawContent(file);
    if (isUtf16(text)) {
        text = fromUtf16(std::move(text), file);
    }
    return text.substr(byteOrderMark(text).size());
}

void finishOutput() {
    errno = 0;
    std::cout.flush();
    if (!std::cout) {
        isc_throw(isc::BadValue,
                  "cannot write to standard output: " << std::generic_category().message(errno));
    }
}

bool Lines::next() {
    if (rest_.empty()) {
        return false;
    }
    const size_t end = std::min(rest_.find('\n'), rest_.size());
    text_ = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    if (!text_.empty() && text_.back() == '\r') {
        text_.remove_suffix(1);
    }
    return true;
}

} // namespace user_chk::program
