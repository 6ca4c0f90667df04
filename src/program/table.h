// SPDX-License-Identifier: MPL-2.0
// Defines Table: rows of text in columns, for people.

#ifndef USER_CHK_PROGRAM_TABLE_H
#define USER_CHK_PROGRAM_TABLE_H

#include <ostream>
#include <string>
#include <vector>

namespace user_chk::program {

/// @brief Rows in columns that are as wide as their widest text, with two spaces between them. No
/// cell does anything to a terminal, whatever it says.
class Table {
public:
    /// @brief A table without rows.
    explicit Table(std::vector<std::string> heads);

    /// @brief Adds a row, with as many cells as there are heads.
    void add(std::vector<std::string> cells);

    /// @brief Prints the heads and all rows.
    void print(std::ostream& out);

private:
    std::vector<std::vector<std::string>> rows_; // the heads first
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_TABLE_H
