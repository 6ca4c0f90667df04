// SPDX-License-Identifier: MPL-2.0
// Declares tables of text, for people.

#ifndef USER_CHK_PROGRAM_TABLE_H
#define USER_CHK_PROGRAM_TABLE_H

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace user_chk::program {

/// @brief A table: columns as wide as what is in them, two spaces between.
///
/// No cell does anything to a terminal, whatever it says, see shown().
class Table {
public:
    /// @brief Makes a table without rows.
    ///
    /// @param heads what stands above the columns; none for a table without such a line
    explicit Table(std::vector<std::string> heads);

    /// @brief Adds a row. One that has fewer cells than others ends early.
    void add(std::vector<std::string> cells);

    /// @brief Prints the rows that were added since this was called last, and the heads before the first of
    /// them. So a table that is printed in parts does not stay in memory.
    void print(std::ostream& out);

private:
    void measure(const std::vector<std::string>& cells);

    std::vector<std::vector<std::string>> rows_;
    std::vector<size_t> widths_; // of the columns, in characters
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_TABLE_H
