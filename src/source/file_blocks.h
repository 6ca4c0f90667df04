// SPDX-License-Identifier: MPL-2.0
// Declares the blocks by which a changed file is compared with what was read of it before.

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

/// @brief 128 bits by which bytes are told apart. They are made with a secret of this process, so nobody can
/// write bytes that are taken for others.
struct Fingerprint {
    uint64_t high = 0; ///< one half
    uint64_t low = 0;  ///< the other one

    /// @brief The fingerprint of bytes.
    static Fingerprint of(std::string_view bytes);

    /// @brief True when the bytes are the same.
    bool operator==(const Fingerprint& other) const { return high == other.high && low == other.low; }
};

/// @brief Some whole lines of a file, some 64 KiB as a rule.
struct Block {
    /// @brief What a new block is to be as long as, in bytes.
    static constexpr size_t USUAL_LENGTH = 65536;

    Fingerprint fingerprint; ///< of all bytes
    Fingerprint first_line;  ///< of those of its first line, by which it is found again
    uint32_t number = 0;     ///< what its lines know it by
    size_t length = 0;       ///< how many bytes it has
    size_t lines = 0;        ///< how many lines
};

/// @brief Whole lines that were read and are not known.
struct NewLines {
    uint32_t block;    ///< the number of the block that they are in
    size_t first_line; ///< the number of the first one in the file, from 1
    size_t begin;      ///< where they are in Comparison::text
    size_t length;     ///< how many bytes they have
};

/// @brief A text that may be as long as a file.
typedef std::basic_string<char, std::char_traits<char>, PageAllocator<char>> PagedText;

/// @brief What a file holds, compared with what was read of it before.
struct Comparison {
    std::vector<Block> blocks;       ///< what it holds
    std::vector<uint32_t> dropped;   ///< numbers of known blocks whose lines are gone, or among the new ones
    PagedText text;                  ///< all new lines
    std::vector<NewLines> new_lines; ///< what they are
    std::string unfinished;          ///< the last line, if it has no end
    size_t length = 0;               ///< how many bytes the file has

    /// @brief True when it holds the lines that were known, perhaps in another order.
    bool isSame() const { return dropped.empty() && new_lines.empty(); }
};

/// @brief Reads a file, and keeps in memory what is not known of it.
///
/// It finds again what was inserted before, moved, or follows a change. A block that is changed keeps its
/// number as a rule; lines that are appended to a short block become part of it.
///
/// @param file the file, open for reading; it is read from its start
/// @param known the blocks of what was read before, none to read all of it
/// @param next_number the number of the next new block, counted up
/// @param usual_length what a new block is to be as long as, in bytes
/// @throw std::system_error when the file cannot be read.
/// @throw std::bad_alloc when there is no memory.
Comparison compareFile(const FileDescriptor& file, const std::vector<Block>& known, uint32_t& next_number,
                       size_t usual_length = Block::USUAL_LENGTH);

} // namespace user_chk

#endif // USER_CHK_SOURCE_FILE_BLOCKS_H
