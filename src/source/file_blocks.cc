// SPDX-License-Identifier: MPL-2.0
// Implements the comparison of a file with what was read before.

#include <source/file_blocks.h>

#include <system/hash.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <utility>

namespace user_chk {

namespace {

// Checking a block costs more than parsing a line. When many lines only look like the first line of a block,
// the rest of the file is treated as new.
constexpr size_t MOST_MISSES = 1000;

// A window on a file that is read from beginning to end.
class Window {
public:
    Window(const FileDescriptor& file, size_t length) : file_(file), buffer_(length, '\0') {}

    // How many bytes fit without growing.
    size_t length() const { return buffer_.size(); }

    // Returns the next bytes: as many as requested, or as there are.
    std::string_view ahead(size_t wanted) {
        while (end_ - begin_ < wanted && !at_end_) {
            fill(wanted);
        }
        return std::string_view(buffer_).substr(begin_, std::min(wanted, end_ - begin_));
    }

    // Returns the next line, including its line end.
    std::string_view line() {
        for (size_t wanted = 256;; wanted *= 2) {
            const std::string_view bytes = ahead(wanted);
            const size_t newline = bytes.find('\n');
            if (newline != std::string_view::npos || bytes.size() < wanted) {
                return bytes.substr(0, newline == std::string_view::npos ? newline : newline + 1);
            }
        }
    }

    void advance(size_t count) { begin_ += count; }

    bool atEnd() { return ahead(1).empty(); }

private:
    void fill(size_t wanted) {
        if (buffer_.size() - begin_ < wanted) {
            std::copy(buffer_.begin() + static_cast<ptrdiff_t>(begin_),
                      buffer_.begin() + static_cast<ptrdiff_t>(end_), buffer_.begin());
            end_ -= begin_;
            begin_ = 0;
            buffer_.resize(std::max(buffer_.size(), wanted));
        }
        if (begin_ == end_) {
            begin_ = end_ = 0;
        }
        const ssize_t count =
            ::pread(file_.get(), &buffer_[end_], buffer_.size() - end_, static_cast<off_t>(offset_));
        if (count < 0 && errno != EINTR) {
            throw std::system_error(errno, std::generic_category());
        }
        at_end_ = count == 0;
        end_ += static_cast<size_t>(std::max<ssize_t>(count, 0));
        offset_ += static_cast<size_t>(std::max<ssize_t>(count, 0));
    }

    const FileDescriptor& file_;
    PagedText buffer_;
    size_t begin_ = 0;
    size_t end_ = 0;
    size_t offset_ = 0;
    bool at_end_ = false;
};

size_t linesOf(std::string_view text) {
    size_t lines = 0;
    for (size_t at = 0; at < text.size(); ++lines) {
        const size_t end = text.find('\n', at); // much faster than std::count()
        at = end == std::string_view::npos ? text.size() : end + 1;
    }
    return lines;
}

std::string_view firstLineOf(std::string_view text) {
    const size_t newline = text.find('\n');
    return text.substr(0, newline == std::string_view::npos ? newline : newline + 1);
}

Block makeBlock(std::string_view text, uint32_t number) {
    return {Fingerprint::of(text), Fingerprint::of(firstLineOf(text)), number, text.size(), linesOf(text)};
}

// A comparison in progress.
class Comparer {
public:
    Comparer(const FileDescriptor& file, const std::vector<Block>& known, uint32_t& next_number,
             size_t usual_length)
        : usual_length_(usual_length), window_(file, 4 * usual_length), known_(known),
          next_number_(next_number), fates_(known.size(), Fate::UNKNOWN) {
        struct stat status;
        if (known.empty() && ::fstat(file.get(), &status) == 0) {
            made_.text.reserve(static_cast<size_t>(std::max<off_t>(status.st_size, 0)) + 4096);
        }
    }

    Comparison run() {
        while (!window_.atEnd()) {
            const bool follows = taken_ == made_.text.size(); // no new lines since the last block
            if (follows && isAhead(at_)) {
                keep(at_);
            } else if (const auto again = findAhead()) {
                endNewLines(*again);
                keep(*again);
            } else {
                takeLine();
            }
        }
        endNewLines(known_.size());
        for (size_t i = 0; i < known_.size(); ++i) {
            if (fates_[i] != Fate::KEPT) {
                made_.dropped.push_back(known_[i].number);
            }
        }
        made_.length = length_;
        return std::move(made_);
    }

private:
    // What happened to a known block.
    enum class Fate : uint8_t { UNKNOWN, KEPT, REPLACED };

    // True when this known block comes next. A block without a line end matches only at the end of the file.
    bool isAhead(size_t index) {
        if (index >= known_.size() || fates_[index] != Fate::UNKNOWN) {
            return false;
        }
        const Block& block = known_[index];
        const std::string_view more = window_.ahead(block.length + 1);
        const std::string_view bytes = more.substr(0, block.length);
        return bytes.size() == block.length && (bytes.back() == '\n' || more.size() == bytes.size()) &&
               Fingerprint::of(bytes) == block.fingerprint;
    }

    // Returns the known block that comes next, found by its first line.
    std::optional<size_t> findAhead() {
        if (known_.empty() || misses_ == MOST_MISSES) {
            return std::nullopt;
        }
        if (by_first_line_.empty()) {
            for (size_t i = 0; i < known_.size(); ++i) {
                by_first_line_.emplace(known_[i].first_line.low, i);
            }
        }
        const auto found = by_first_line_.find(Fingerprint::of(window_.line()).low);
        if (found == by_first_line_.end()) {
            return std::nullopt;
        }
        if (isAhead(found->second)) {
            return found->second;
        }
        ++misses_;
        return std::nullopt;
    }

    void keep(size_t index) {
        const std::string_view bytes = window_.ahead(known_[index].length);
        last_ = bytes.size() < usual_length_ ? std::string(bytes) : std::string();
        noteUnfinished(bytes);
        made_.blocks.push_back(known_[index]);
        fates_[index] = Fate::KEPT;
        line_ += known_[index].lines;
        length_ += bytes.size();
        window_.advance(bytes.size());
        at_ = index + 1;
    }

    void takeLine() {
        // When there is nothing to find, it reads in large pieces.
        const std::string_view bytes = known_.empty() ? window_.ahead(window_.length()) : window_.line();
        made_.text += bytes;
        length_ += bytes.size();
        window_.advance(bytes.size());
    }

    // Turns the new lines so far into blocks, or appends them to the previous block. The blocks take the
    // numbers of the known blocks between that one and the next.
    void endNewLines(size_t next) {
        const std::string_view text = std::string_view(made_.text).substr(taken_);
        if (text.empty()) {
            return;
        }
        noteUnfinished(text);
        std::vector<size_t> replaced;
        for (size_t i = at_; i < next; ++i) {
            if (fates_[i] == Fate::UNKNOWN) {
                replaced.push_back(i);
            }
        }
        if (replaced.empty() && !last_.empty() && last_.back() == '\n' &&
            last_.size() + text.size() <= usual_length_) {
            extendLast(text);
        } else {
            cut(text, replaced);
        }
        taken_ = made_.text.size();
    }

    void extendLast(std::string_view text) {
        Block& last = made_.blocks.back();
        last_ += text;
        addNewLines(last.number, text, linesOf(text));
        last = makeBlock(last_, last.number);
    }

    void cut(std::string_view text, const std::vector<size_t>& replaced) {
        size_t next = 0;
        while (!text.empty()) {
            const std::string_view bytes = text.substr(0, cutAt(text));
            const uint32_t number = next < replaced.size() ? replace(replaced[next++]) : next_number_++;
            made_.blocks.push_back(makeBlock(bytes, number));
            addNewLines(number, bytes, made_.blocks.back().lines);
            last_ = bytes.size() < usual_length_ ? std::string(bytes) : std::string();
            text.remove_prefix(bytes.size());
        }
    }

    // Gives the number of a known block to a new one. If the known block still follows, it is treated as new.
    uint32_t replace(size_t index) {
        fates_[index] = Fate::REPLACED;
        return known_[index].number;
    }

    // A change may make a block up to twice as long as usual; beyond that it is split.
    size_t cutAt(std::string_view text) const {
        const size_t newline =
            text.size() <= 2 * usual_length_ ? std::string_view::npos : text.find('\n', usual_length_ - 1);
        return newline == std::string_view::npos ? text.size() : newline + 1;
    }

    void addNewLines(uint32_t number, std::string_view text, size_t lines) {
        const auto begin = static_cast<size_t>(text.data() - made_.text.data());
        made_.new_lines.push_back({number, line_, begin, text.size()});
        line_ += lines;
    }

    void noteUnfinished(std::string_view text) {
        made_.unfinished =
            text.back() == '\n' ? std::string_view() : text.substr(text.find_last_of('\n') + 1);
    }

    const size_t usual_length_;
    Window window_;
    const std::vector<Block>& known_;
    uint32_t& next_number_;
    std::vector<Fate> fates_; // of the known blocks
    size_t at_ = 0;           // the known block that is expected next
    std::unordered_map<uint64_t, size_t> by_first_line_;
    size_t misses_ = 0; // blocks that were searched by their first line in vain
    Comparison made_;
    std::string last_;  // the bytes of the last block, if it is short
    size_t taken_ = 0;  // how much of the new text is in blocks
    size_t line_ = 1;   // the number of the next line
    size_t length_ = 0; // how much was read
};

} // namespace

Fingerprint Fingerprint::of(std::string_view bytes) {
    const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes.data(), bytes.size(), secretSeed());
    return {hash.high64, hash.low64};
}

Comparison compareFile(const FileDescriptor& file, const std::vector<Block>& known, uint32_t& next_number,
                       size_t usual_length) {
    return Comparer(file, known, next_number, usual_length).run();
}

} // namespace user_chk
