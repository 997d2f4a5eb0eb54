// SPDX-License-Identifier: Apache-2.0

#include "core/tools/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace kafkasim::tools {
namespace {

constexpr size_t kWidth = 80;
constexpr size_t kColumnSeparatorWidth = 2;
constexpr std::string_view kIndent = "  ";

struct Row {
    std::string option;
    std::string description;
};

bool one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
/// Characters that stay with the word before them.
bool closes(char c) { return one_of(c, ".,:;!?\")]%}"); }
/// Characters that stay with the word after them.
bool opens(char c) { return one_of(c, "'([{$"); }

/// True if the text ends with a number that is not the end of a word.
bool ends_a_number(std::string_view text) {
    size_t begin = text.size();
    while (begin > 0 && is_ascii_digit(text[begin - 1])) --begin;
    if (begin == text.size()) return false;
    const char before = begin == 0 ? ' ' : text[begin - 1];
    return !((before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z'));
}

std::string_view type_name(ArgumentType type) {
    switch (type) {
        case ArgumentType::String:
            return "String";
        case ArgumentType::Integer:
            return "Integer";
        case ArgumentType::Long:
            return "Long";
        case ArgumentType::ElectionType:
            return "[PREFERRED,UNCLEAN]";
    }
    return "";
}

std::string option_cell(const Option& option) {
    std::string cell = fmt::format("--{}", option.name);
    if (option.argument == Argument::None) return cell;
    const bool required = option.argument == Argument::Required;
    cell += required ? " <" : " [";
    cell += type_name(option.type);
    if (!option.about_argument.empty()) cell += fmt::format(": {}", option.about_argument);
    cell += required ? '>' : ']';
    return cell;
}

std::string description_cell(const Option& option) {
    if (option.default_value.empty()) return std::string(option.description);
    return fmt::format("{} (default: {})", option.description, option.default_value);
}

std::string without_trailing_space(std::string text) {
    text.erase(text.find_last_not_of(" \t") + 1);
    return text;
}

void add_pieces_of_line(std::string_view line, size_t width, std::vector<std::string>& pieces) {
    std::string piece;
    size_t start = 0;
    for (size_t end = 1; end <= line.size(); ++end) {
        if (end < line.size() && !may_break_before(line, end)) continue;
        const std::string_view word = line.substr(start, end - start);
        if (piece.size() + word.size() > width) {
            pieces.push_back(without_trailing_space(std::move(piece)));
            piece = kIndent;
        }
        piece += word;
        start = end;
    }
    if (!piece.empty()) pieces.push_back(std::move(piece));
}

std::vector<std::string> pieces_of(std::string_view text, size_t width) {
    std::vector<std::string> pieces;
    while (!text.empty()) {
        const size_t end = text.find('\n');
        add_pieces_of_line(text.substr(0, end), width, pieces);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return pieces;
}

/// The width of a column: that of its widest cell, but not more than there is.
size_t column_width(const std::vector<Row>& rows, std::string Row::*cell, size_t limit) {
    size_t widest = 0;
    for (const Row& row : rows) widest = std::max(widest, (row.*cell).size());
    return std::min(limit, widest);
}
size_t option_width(const std::vector<Row>& rows) {
    return column_width(rows, &Row::option, (kWidth - kColumnSeparatorWidth) / 2);
}
size_t description_width(const std::vector<Row>& rows) {
    return column_width(rows, &Row::description, kWidth - option_width(rows) - kColumnSeparatorWidth);
}

std::vector<Row> fit(const std::vector<Row>& rows) {
    const size_t left_width = option_width(rows);
    const size_t right_width = description_width(rows);
    std::vector<Row> fitted;
    for (const Row& row : rows) {
        std::vector<std::string> left = pieces_of(row.option, left_width);
        std::vector<std::string> right = pieces_of(row.description, right_width);
        const size_t lines = std::max(left.size(), right.size());
        left.resize(lines);
        right.resize(lines);
        for (size_t i = 0; i < lines; ++i) fitted.push_back({left[i], right[i]});
    }
    return fitted;
}

}  // namespace

bool may_break_before(std::string_view text, size_t at) {
    const char before = text[at - 1];
    const char after = text[at];
    if (before == '\t') return true;
    if (after == ' ' || after == '\t') return false;
    if (before == ' ') return true;
    if (before == '-') {
        const bool sign_of_a_number =
            is_ascii_digit(after) && (at == 1 || text[at - 2] == ' ' || text[at - 2] == '\t' || closes(text[at - 2]));
        return !sign_of_a_number && after != '-' && !opens(after);
    }
    if (after == '>' && ends_a_number(text.substr(0, at))) return true;
    if (opens(before)) return false;
    if (before == '"' && (at == 1 || text[at - 2] == ' ' || opens(text[at - 2])))
        return false;  // an opening quotation mark
    if (closes(before)) {
        const bool inside_a_number =
            (before == '.' || before == ',') && is_ascii_digit(after) && at >= 2 && is_ascii_digit(text[at - 2]);
        return !inside_a_number && !closes(after) && after != '\'' && after != '$';
    }
    return one_of(after, "([{");
}

std::string usage_table(std::span<const Option> options) {
    std::vector<Row> rows{{"Option", "Description"}, {"------", "-----------"}};
    for (const Option& option : options) rows.push_back({option_cell(option), description_cell(option)});
    rows = fit(rows);
    const size_t left_width = option_width(rows);
    const size_t right_width = description_width(rows);
    std::string table;
    for (const Row& row : rows)
        table += fmt::format("{:<{}}  {:<{}}\n", row.option, left_width, row.description, right_width);
    return table;
}

}  // namespace kafkasim::tools
