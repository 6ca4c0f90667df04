// SPDX-License-Identifier: MPL-2.0
// Implements FileEdit: changes lines in a block, and copies the blocks into a new file.

#include <source/file_edit.h>

#include <source/record_reader.h>
#include <system/utf8.h>
#include <system/whole_file.h>
#include <user_file.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace user_chk {

namespace {

// Returns the line end of the last line of a text; that line may have none.
std::string_view lineEndOf(std::string_view text) {
    const size_t newline = !text.empty() && text.back() == '\n' ? 1 : 0;
    const std::string_view rest = text.substr(0, text.size() - newline);
    const size_t end = !rest.empty() && rest.back() == '\r' ? rest.size() - 1 : rest.size();
    return text.substr(end);
}

// Returns the line end of the last whole line of a text, or the given one when there is none.
std::string usualLineEnd(std::string_view text, const std::string& otherwise) {
    const size_t newline = text.rfind('\n');
    return newline == std::string_view::npos ? otherwise
                                             : std::string(lineEndOf(text.substr(0, newline + 1)));
}

void addLine(std::string& text, const std::string& line, const std::string& line_end) {
    if (text.size() > byteOrderMark(text).size() && text.back() != '\n') {
        text += text.back() == '\r' ? "\n" : usualLineEnd(text, line_end);
    }
    text += line + usualLineEnd(text, line_end);
}

// A line of a text, including its line end.
struct Extent {
    size_t begin;
    size_t length;
};

std::optional<Extent> extentOf(const std::string& text, bool is_first, const UserId& id) {
    const std::string padded = text + std::string(RecordParser::PADDING, '\n');
    RecordReader reader;
    reader.begin(std::string_view(padded).substr(0, text.size()), is_first ? 1 : 2);
    while (reader.next()) {
        try {
            if (reader.record().isOf(id)) {
                const auto begin = static_cast<size_t>(reader.text().data() - padded.data());
                const size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
                return Extent{begin, end - begin};
            }
        } catch (const UserFileError&) {
            // Another line is bad.
        }
    }
    return std::nullopt;
}

// Returns an error number.
int readExactly(const FileDescriptor& file, size_t offset, std::string& text) {
    size_t length = 0;
    while (length < text.size()) {
        const ssize_t count =
            ::pread(file.get(), &text[length], text.size() - length, static_cast<off_t>(offset + length));
        if (count == 0) {
            return ECANCELED;
        }
        if (count < 0 && errno != EINTR) {
            return errno;
        }
        length += static_cast<size_t>(std::max<ssize_t>(count, 0));
    }
    return 0;
}

} // namespace

int FileEdit::write(const FileDescriptor& from, const FileDescriptor& to) {
    const int error = forEachBlock(from, [this, &to](std::string& text, size_t index) {
        return change(text, index) ? writeWhole(to, text) : ECANCELED;
    });
    differs_ = error == ECANCELED;
    if (error != 0 || !blocks_.empty() || block_) {
        return error;
    }
    std::string text;
    addLine(text, edit_.line, line_end_);
    return writeWhole(to, text);
}

// Changes a block if it has the user's line; false if not.
bool FileEdit::change(std::string& text, size_t index) {
    if (!block_) {
        if (index + 1 == blocks_.size()) {
            addLine(text, edit_.line, line_end_);
        } else {
            line_end_ = usualLineEnd(text, line_end_);
        }
        return true;
    }
    if (blocks_[index].number != *block_) {
        return true;
    }
    const std::optional<Extent> extent = extentOf(text, index == 0, edit_.id);
    if (!extent) {
        return false;
    }
    if (edit_.what == Edit::What::REMOVE) {
        text.erase(extent->begin, extent->length);
    } else {
        const size_t end = lineEndOf(std::string_view(text).substr(extent->begin, extent->length)).size();
        text.replace(extent->begin, extent->length - end, edit_.line);
    }
    return true;
}

bool FileEdit::isUnchanged(const FileDescriptor& from) const {
    return forEachBlock(from, [](std::string&, size_t) { return 0; }) == 0;
}

// Calls a function with one block after another. Returns an error number.
int FileEdit::forEachBlock(const FileDescriptor& from, const Take& take) const {
    size_t offset = 0;
    std::string text;
    for (size_t index = 0; index < blocks_.size(); ++index) {
        const Block& block = blocks_[index];
        text.resize(block.length);
        int error = readExactly(from, offset, text);
        if (error == 0) {
            error = Fingerprint::of(text) == block.fingerprint ? take(text, index) : ECANCELED;
        }
        if (error != 0) {
            return error;
        }
        offset += block.length;
    }
    // Nothing may follow them.
    text.resize(1);
    const int error = readExactly(from, offset, text);
    return error == 0 ? ECANCELED : error == ECANCELED ? 0 : error;
}

} // namespace user_chk
