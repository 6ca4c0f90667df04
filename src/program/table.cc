// SPDX-License-Identifier: MPL-2.0
// Implements Table.

#include <program/table.h>

#include <program/terminal_text.h>

#include <algorithm>
#include <ostream>
#include <utility>

namespace user_chk::program {

Table::Table(std::vector<std::string> heads) {
    if (!heads.empty()) {
        add(std::move(heads));
    }
}

void Table::add(std::vector<std::string> cells) {
    for (std::string& cell : cells) {
        cell = shown(cell);
    }
    measure(cells);
    rows_.push_back(std::move(cells));
}

void Table::measure(const std::vector<std::string>& cells) {
    widths_.resize(std::max(widths_.size(), cells.size()));
    for (size_t column = 0; column < cells.size(); ++column) {
        widths_[column] = std::max(widths_[column], lengthInCharacters(cells[column]));
    }
}

void Table::print(std::ostream& out) {
    for (const auto& cells : rows_) {
        std::string line;
        for (size_t column = 0; column < cells.size(); ++column) {
            line += cells[column];
            line.append(2 + widths_[column] - lengthInCharacters(cells[column]), ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << '\n';
    }
    rows_.clear();
}

} // namespace user_chk::program
