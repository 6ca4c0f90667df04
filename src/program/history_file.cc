// SPDX-License-Identifier: MPL-2.0
// Implements HistoryFile.

#include <program/history_file.h>

#include <exceptions/exceptions.h>

#include <fcntl.h>
#include <simdjson.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace user_chk::program {

namespace {

constexpr size_t BLOCK = 2 * HistoryFile::LONGEST;

// The size of a read: when a compressed file is damaged, up to that much before the damage is lost.
constexpr unsigned PIECE = 64 * 1024;

// How files of other compression programs begin, and what can read them.
constexpr std::array<std::pair<std::string_view, const char*>, 3> OTHERS = {{{"\xfd"
                                                                              "7zXZ",
                                                                              "xzcat"},
                                                                             {"\x28\xb5\x2f\xfd", "zstdcat"},
                                                                             {"BZh", "bzcat"}}};

gzFile open(const std::string& path) {
    const int fd = path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    gzFile_s* const file = fd < 0 ? nullptr : ::gzdopen(fd, "rb");
    if (file == nullptr) {
        const int error = errno;
        if (fd >= 0) {
            ::close(fd);
        }
        isc_throw(isc::BadValue, std::generic_category().message(error));
    }
    return file;
}

} // namespace

const size_t HistoryFile::PADDING = simdjson::SIMDJSON_PADDING;

HistoryFile::HistoryFile(const std::string& path)
    : name_(path == "-" ? "standard input" : path), file_(open(path)), block_(BLOCK + PADDING) {
    ::gzbuffer(file_, PIECE);
    try {
        fill();
        for (const auto& [start, reader] : OTHERS) {
            if (std::string_view(block_.data(), end_).substr(0, start.size()) == start) {
                isc_throw(isc::BadValue, "is compressed, but not by gzip; decompress it: "
                                             << reader << ' ' << path << " | kea-user-chk ... -");
            }
        }
    } catch (...) {
        ::gzclose(file_);
        throw;
    }
}

HistoryFile::~HistoryFile() {
    ::gzclose(file_);
}

bool HistoryFile::next(std::string_view& line) {
    for (;;) {
        const char* const start = block_.data() + begin_;
        const auto* const end = static_cast<const char*>(std::memchr(start, '\n', end_ - begin_));
        if (end != nullptr) {
            line = take(static_cast<size_t>(end - start), true);
            return true;
        }
        if (end_ - begin_ > LONGEST) {
            line = skipLongLine();
            return true;
        }
        if (!fill()) {
            break;
        }
    }
    if (begin_ == end_) {
        throwUnlessAtEnd();
        return false;
    }
    line = take(end_ - begin_, false);
    return true;
}

std::string_view HistoryFile::take(size_t length, bool has_end) {
    const std::string_view line(block_.data() + begin_, length);
    begin_ += length + (has_end ? 1 : 0);
    ++number_;
    return line;
}

std::string_view HistoryFile::skipLongLine() {
    static const std::array<char, 2 * simdjson::SIMDJSON_PADDING> TOO_LONG = {"too long"};
    const void* end = nullptr;
    do {
        begin_ = end_;
        end = fill() ? std::memchr(block_.data(), '\n', end_) : block_.data();
    } while (end == nullptr);
    begin_ = std::min(end_, static_cast<size_t>(static_cast<const char*>(end) - block_.data()) + 1);
    ++number_;
    return {TOO_LONG.data()};
}

// Moves what is left to the front, and reads more. Returns false at the end.
bool HistoryFile::fill() {
    std::memmove(block_.data(), block_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    const int count = ::gzread(file_, block_.data() + end_, PIECE);
    noteError();
    end_ += count > 0 ? static_cast<size_t>(count) : 0;
    return count > 0;
}

// Must be called after each read: the next one may forget that the file is truncated.
void HistoryFile::noteError() {
    const int system_error = errno;
    int error = Z_OK;
    ::gzerror(file_, &error);
    if (failure_ == Z_OK && error != Z_STREAM_END) {
        failure_ = error;
        system_error_ = system_error;
    }
}

void HistoryFile::throwUnlessAtEnd() const {
    if (failure_ == Z_ERRNO) {
        isc_throw(isc::BadValue, std::generic_category().message(system_error_));
    } else if (failure_ == Z_BUF_ERROR) {
        isc_throw(isc::BadValue, "is cut off in the middle of its compressed data");
    } else if (failure_ != Z_OK) {
        isc_throw(isc::BadValue, "its compressed data is damaged");
    }
}

} // namespace user_chk::program
