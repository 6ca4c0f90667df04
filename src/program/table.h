// SPDX-License-Identifier: MPL-2.0
// Defines Table, which prints text tables for people.

#ifndef USER_CHK_PROGRAM_TABLE_H
#define USER_CHK_PROGRAM_TABLE_H

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace user_chk::program {

/// @brief A table whose columns are as wide as their content, separated by two spaces.
///
/// Cells cannot control the terminal, whatever they contain, see shown().
class Table {
public:
    /// @brief Creates a table without rows.
    ///
    /// @param heads the column headings; none for a table without a heading
    explicit Table(std::vector<std::string> heads);

    /// @brief Adds a row. A row may have fewer cells than others.
    void add(std::vector<std::string> cells);

    /// @brief Prints the rows added since the last call, and the heading before the first of them. So a table
    /// that is printed in parts does not stay in memory.
    void print(std::ostream& out);

private:
    void measure(const std::vector<std::string>& cells);

    std::vector<std::vector<std::string>> rows_;
    std::vector<size_t> widths_; // of the columns, in characters
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_TABLE_H
