// SPDX-License-Identifier: MPL-2.0
// Declares the statements of a configuration of ISC's dhcpd, as they are nested.

#ifndef USER_CHK_PROGRAM_DHCPD_SYNTAX_H
#define USER_CHK_PROGRAM_DHCPD_SYNTAX_H

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk::program {

/// @brief A part of a statement.
struct DhcpdWord {
    std::string text;       ///< of a text in quotes what it stands for
    size_t line = 0;        ///< where it begins
    bool is_quoted = false; ///< whether it stood in quotes
    bool is_sign = false;   ///< whether it is a brace, a bracket, a comma, an equals sign or a semicolon
};

/// @brief A statement, or a block of statements.
struct DhcpdStatement {
    std::vector<DhcpdWord> words;     ///< what it begins with, up to its semicolon or brace
    bool is_block = false;            ///< whether it has braces
    std::vector<DhcpdStatement> body; ///< what stands in them
    size_t line = 0;                  ///< where it begins
    size_t last_line = 0;             ///< where it ends
    std::string error;                ///< what is wrong with its form, empty for nothing

    /// @brief A word, empty where there are not so many.
    std::string word(size_t number) const {
        return number < words.size() ? words[number].text : std::string();
    }

    /// @brief Its words with blanks between, cut off where they are very long.
    std::string text() const;
};

/// @brief Reads the statements of a configuration (dhcpd.conf(5)).
///
/// @throw isc::BadValue when blocks are nested too deep.
std::vector<DhcpdStatement> readDhcpd(std::string_view text);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_DHCPD_SYNTAX_H
