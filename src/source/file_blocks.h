// SPDX-License-Identifier: MPL-2.0
// Declares the blocks that a changed file is divided into, to compare it with what was read before.

#ifndef USER_CHK_SOURCE_FILE_BLOCKS_H
#define USER_CHK_SOURCE_FILE_BLOCKS_H

#include <system/file_descriptor.h>
#include <system/page_allocator.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk {

/// @brief A 128-bit hash of bytes. It is keyed with a secret of this process, so nobody can construct bytes
/// with a given fingerprint.
struct Fingerprint {
    uint64_t high = 0; ///< one half
    uint64_t low = 0;  ///< the other one

    /// @brief Returns the fingerprint of bytes.
    static Fingerprint of(std::string_view bytes);

    /// @brief True when the bytes are equal.
    bool operator==(const Fingerprint& other) const { return high == other.high && low == other.low; }
};

/// @brief Some whole lines of a file, usually about 64 KiB.
struct Block {
    /// @brief The target length of a new block, in bytes.
    static constexpr size_t USUAL_LENGTH = 65536;

    Fingerprint fingerprint; ///< of all bytes
    Fingerprint first_line;  ///< of the first line, by which the block is found again
    uint32_t number = 0;     ///< the number by which its lines refer to it
    size_t length = 0;       ///< length in bytes
    size_t lines = 0;        ///< number of lines
};

/// @brief Whole lines that are new.
struct NewLines {
    uint32_t block;    ///< the number of the block that has them
    size_t first_line; ///< the number of the first one in the file, counted from 1
    size_t begin;      ///< where they begin in Comparison::text
    size_t length;     ///< length in bytes
};

/// @brief A text that may be as long as a file.
typedef std::basic_string<char, std::char_traits<char>, PageAllocator<char>> PagedText;

/// @brief The content of a file, compared with what was read before.
struct Comparison {
    std::vector<Block> blocks;       ///< the blocks of the content
    std::vector<uint32_t> dropped;   ///< numbers of known blocks whose lines are gone, or new
    PagedText text;                  ///< all new lines
    std::vector<NewLines> new_lines; ///< where they are
    std::string unfinished;          ///< the last line, if it has no line end
    size_t length = 0;               ///< the length of the file in bytes

    /// @brief True when the file has the same lines as before, perhaps in another order.
    bool isSame() const { return dropped.empty() && new_lines.empty(); }
};

/// @brief Reads a file, and keeps in memory only what is new.
///
/// Lines are recognized even if they moved, or follow an insertion or a change. A changed block usually keeps
/// its number. Lines that are appended to a short block become part of it.
///
/// @param file the file, open for reading; it is read from its beginning
/// @param known the blocks of the previous read; none to read everything as new
/// @param next_number the number of the next new block, incremented for each
/// @param usual_length the target length of a new block, in bytes
/// @throw std::system_error when the file cannot be read.
/// @throw std::bad_alloc when there is not enough memory.
Comparison compareFile(const FileDescriptor& file, const std::vector<Block>& known, uint32_t& next_number,
                       size_t usual_length = Block::USUAL_LENGTH);

} // namespace user_chk

#endif // USER_CHK_SOURCE_FILE_BLOCKS_H
