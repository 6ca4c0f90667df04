// SPDX-License-Identifier: MPL-2.0
// Defines what JSON is prepared with for Kea's parser: DecodedEscapes, and nestingDepth().

#ifndef USER_CHK_SOURCE_JSON_ESCAPES_H
#define USER_CHK_SOURCE_JSON_ESCAPES_H

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace user_chk {

/// @brief JSON whose escapes `\uXXXX` (RFC 8259, section 7) of characters beyond ASCII are UTF-8.
///
/// Kea's parser refuses those above U+00FF, and makes a single byte of the others.
class DecodedEscapes {
public:
    /// @brief Decodes a line.
    ///
    /// @throw UserFileError with column and reason when an escape is none, or half of a surrogate pair.
    explicit DecodedEscapes(std::string_view json);

    /// @brief The line. Escapes of ASCII, which Kea's parser reads as RFC 8259 has them, are as they were.
    const std::string& text() const { return text_; }

    /// @brief The column of the original line that has become this one, both counted from 1.
    size_t original(size_t column) const;

private:
    std::string text_;
    std::vector<std::pair<size_t, size_t>> shrunk_; // how long the text was, and by how much it was shorter
};

/// @brief How deep brackets nest in JSON. Kea's parser recurses, so depth must be bounded before it is given
/// a text.
int nestingDepth(std::string_view json);

} // namespace user_chk

#endif // USER_CHK_SOURCE_JSON_ESCAPES_H
