// SPDX-License-Identifier: MPL-2.0
// Defines HistoryFile: the lines of an outcome file, compressed or not.

#ifndef USER_CHK_PROGRAM_HISTORY_FILE_H
#define USER_CHK_PROGRAM_HISTORY_FILE_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct gzFile_s;

namespace user_chk::program {

/// @brief Reads a file line by line, with constant memory. Not thread-safe.
///
/// A file compressed with gzip (RFC 1952) is decompressed; any other file is read as it is.
class HistoryFile {
public:
    /// @brief Opens a file.
    ///
    /// @param path its path, or `-` for standard input
    /// @throw isc::BadValue saying why it cannot be opened, or that another program compressed it.
    explicit HistoryFile(const std::string& path);
    ~HistoryFile();
    HistoryFile(const HistoryFile&) = delete;
    HistoryFile& operator=(const HistoryFile&) = delete;

    /// @brief The maximum length of a line in bytes. A longer line is replaced by a text that is not JSON.
    static constexpr size_t LONGEST = 262144;

    /// @brief Moves to the next line.
    ///
    /// @param line receives the line without its line end, valid until the next call and followed by PADDING
    /// readable bytes
    /// @return false at the end of the file.
    /// @throw isc::BadValue when the rest cannot be read, for example because a compressed file is truncated.
    /// All readable lines have been returned by then.
    bool next(std::string_view& line);

    /// @brief Returns the number of the last line, counted from 1.
    uint64_t number() const { return number_; }

    /// @brief Returns the name of the file for messages.
    const std::string& name() const { return name_; }

    /// @brief The number of readable bytes after a line.
    static const size_t PADDING;

private:
    bool fill();
    std::string_view take(size_t length, bool has_end);
    std::string_view skipLongLine();
    void noteError();
    void throwUnlessAtEnd() const;

    std::string name_;
    gzFile_s* file_;
    std::vector<char> block_;
    size_t begin_ = 0; // start of what was read and not yet returned
    size_t end_ = 0;
    uint64_t number_ = 0;
    int failure_ = 0; // zlib's error number, for why reading stopped
    int system_error_ = 0;
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_HISTORY_FILE_H
