// SPDX-License-Identifier: MPL-2.0
// Implements Table.

#include <program/table.h>

#include <system/utf8.h>

#include <algorithm>
#include <utility>

namespace user_chk::program {

Table::Table(std::vector<std::string> heads) : rows_{std::move(heads)} {}

void Table::add(std::vector<std::string> cells) {
    std::transform(cells.begin(), cells.end(), cells.begin(),
                   [](const auto& cell) { return printable(cell); });
    rows_.push_back(std::move(cells));
}

void Table::print(std::ostream& out) {
    std::vector<size_t> widths(rows_.front().size());
    for (const auto& row : rows_) {
        for (size_t at = 0; at < row.size(); ++at) {
            widths[at] = std::max(widths[at], row[at].size());
        }
    }
    for (const auto& row : rows_) {
        std::string line;
        for (size_t at = 0; at < row.size(); ++at) {
            line += row[at] + std::string(widths[at] - row[at].size() + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << '\n';
    }
}

} // namespace user_chk::program
