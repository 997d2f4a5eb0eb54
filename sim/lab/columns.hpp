// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text by columns of a terminal, where Korean letters take two.

#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::sim::lab {

size_t columns_of(std::string_view text);
/// Padded with spaces behind (or, `right`, before) to so many columns; longer ones stay as they are.
std::string padded(std::string_view text, size_t columns, bool right = false);
/// Cut to at most so many columns.
std::string cut_to(std::string_view text, size_t columns);
/// Lines of at most so many columns, broken at spaces.
std::vector<std::string> wrapped(std::string_view text, size_t columns);

/// Rows whose cells stand below each other, two spaces apart; no space at the end of a line.
class Table {
public:
    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    std::string text(const std::string& indent) const;

private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace kafkasim::sim::lab
