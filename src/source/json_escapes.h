// SPDX-License-Identifier: MPL-2.0
// Prepares JSON for Kea's parser. Defines DecodedEscapes and nestingDepth().

#ifndef USER_CHK_SOURCE_JSON_ESCAPES_H
#define USER_CHK_SOURCE_JSON_ESCAPES_H

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace user_chk {

/// @brief JSON text in which the escapes `\uXXXX` (RFC 8259, section 7) of characters beyond ASCII are
/// replaced by UTF-8.
///
/// Kea's parser rejects those above U+00FF, and turns the others into a single byte.
class DecodedEscapes {
public:
    /// @brief Decodes a line.
    ///
    /// @throw UserFileError with column and reason when an escape is malformed, or is half of a surrogate
    /// pair.
    explicit DecodedEscapes(std::string_view json);

    /// @brief Returns the decoded line. Escapes of ASCII are kept, since Kea's parser reads them as RFC 8259
    /// demands.
    const std::string& text() const { return text_; }

    /// @brief Returns the column of the original line for a column of this one, both counted from 1.
    size_t original(size_t column) const;

private:
    std::string text_;
    std::vector<std::pair<size_t, size_t>> shrunk_; // text length, and how much shorter it was by then
};

/// @brief Returns how deeply brackets nest in a JSON text. Kea's parser is recursive, so the depth must be
/// limited before a text is passed to it.
int nestingDepth(std::string_view json);

} // namespace user_chk

#endif // USER_CHK_SOURCE_JSON_ESCAPES_H
