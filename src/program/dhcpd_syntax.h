// SPDX-License-Identifier: MPL-2.0
// Parses a configuration of ISC's dhcpd into nested statements.

#ifndef USER_CHK_PROGRAM_DHCPD_SYNTAX_H
#define USER_CHK_PROGRAM_DHCPD_SYNTAX_H

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk::program {

/// @brief A part of a statement.
struct DhcpdWord {
    std::string text;       ///< for a text in quotes, what it stands for
    size_t line = 0;        ///< where it begins
    bool is_quoted = false; ///< whether it is in quotes
    bool is_sign = false;   ///< whether it is a brace, a bracket, a comma, an equals sign or a semicolon
};

/// @brief A statement, or a block of statements.
struct DhcpdStatement {
    std::vector<DhcpdWord> words;     ///< its words up to the semicolon or brace
    bool is_block = false;            ///< whether it has braces
    std::vector<DhcpdStatement> body; ///< the statements in the braces
    size_t line = 0;                  ///< where it begins
    size_t last_line = 0;             ///< where it ends
    std::string error;                ///< what is wrong with its syntax, empty for nothing

    /// @brief Returns a word, empty when the statement has fewer words.
    std::string word(size_t number) const {
        return number < words.size() ? words[number].text : std::string();
    }

    /// @brief Returns its words separated by blanks; very long texts are truncated.
    std::string text() const;
};

/// @brief Parses the statements of a configuration (dhcpd.conf(5)).
///
/// @throw isc::BadValue when blocks are nested too deeply.
std::vector<DhcpdStatement> readDhcpd(std::string_view text);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_DHCPD_SYNTAX_H
