// SPDX-License-Identifier: MPL-2.0
// Defines HistoryFile: the lines of an outcome file, compressed or not, one after the other.

#ifndef USER_CHK_PROGRAM_HISTORY_FILE_H
#define USER_CHK_PROGRAM_HISTORY_FILE_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct gzFile_s;

namespace user_chk::program {

/// @brief Reads a file line by line in memory that does not grow with it. For one thread at a time.
///
/// What gzip (RFC 1952) has compressed is read as what it was; any other file as it is.
class HistoryFile {
public:
    /// @brief Opens a file.
    ///
    /// @param path its path, or `-` for the standard input
    /// @throw isc::BadValue saying why it cannot be opened, or that it is compressed by another program.
    explicit HistoryFile(const std::string& path);
    ~HistoryFile();
    HistoryFile(const HistoryFile&) = delete;
    HistoryFile& operator=(const HistoryFile&) = delete;

    /// @brief How many bytes a line may have. In the place of a longer one stands a text that is no JSON.
    static constexpr size_t LONGEST = 262144;

    /// @brief Goes to the next line.
    ///
    /// @param line replaced by the line without its end, good until the next call. PADDING readable bytes
    /// follow it
    /// @return false at the end of the file.
    /// @throw isc::BadValue when the rest cannot be read, as of a compressed file that is cut off. All lines
    /// that could be read have been given by then.
    bool next(std::string_view& line);

    /// @brief How many lines there were so far: the number of the last one.
    uint64_t number() const { return number_; }

    /// @brief How it is called in messages.
    const std::string& name() const { return name_; }

    /// @brief How many readable bytes follow a line.
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
    size_t begin_ = 0; // of what was read and not yet given
    size_t end_ = 0;
    uint64_t number_ = 0;
    int failure_ = 0; // zlib's number of why reading has stopped
    int system_error_ = 0;
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_HISTORY_FILE_H
