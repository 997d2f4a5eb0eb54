// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/columns.hpp"

#include <algorithm>
#include <cstdint>

namespace kafkasim::sim::lab {

namespace {

bool is_wide(uint32_t point) {
    return (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
           (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
           (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60);
}

struct Letter {
    size_t bytes = 1;
    size_t columns = 1;
};

Letter letter_at(std::string_view text, size_t at) {
    const auto lead = static_cast<uint8_t>(text[at]);
    const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    uint32_t point = length == 1 ? lead : lead & (0xffU >> (length + 1));
    for (size_t k = 1; k < length && at + k < text.size(); ++k)
        point = (point << 6) | (static_cast<uint8_t>(text[at + k]) & 0x3fU);
    return {std::min(length, text.size() - at), is_wide(point) ? size_t{2} : size_t{1}};
}

}  // namespace

size_t columns_of(std::string_view text) {
    size_t columns = 0;
    for (size_t at = 0; at < text.size();) {
        const Letter letter = letter_at(text, at);
        columns += letter.columns;
        at += letter.bytes;
    }
    return columns;
}

std::string padded(std::string_view text, size_t columns, bool right) {
    const size_t width = columns_of(text);
    const std::string space(width < columns ? columns - width : 0, ' ');
    return right ? space + std::string(text) : std::string(text) + space;
}

std::string cut_to(std::string_view text, size_t columns) {
    size_t width = 0;
    for (size_t at = 0; at < text.size();) {
        const Letter letter = letter_at(text, at);
        width += letter.columns;
        if (width > columns) return std::string(text.substr(0, at));
        at += letter.bytes;
    }
    return std::string(text);
}

std::vector<std::string> wrapped(std::string_view text, size_t columns) {
    std::vector<std::string> lines(1);
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find(' ', at), text.size());
        const std::string part(text.substr(at, end - at));
        at = end + 1;
        const std::string candidate = lines.back().empty() ? part : lines.back() + " " + part;
        if (!lines.back().empty() && columns_of(candidate) > columns)
            lines.push_back(part);
        else
            lines.back() = candidate;
    }
    return lines;
}

std::string Table::text(const std::string& indent) const {
    std::vector<size_t> widths;
    for (const auto& row : rows_) {
        if (widths.size() < row.size()) widths.resize(row.size());
        for (size_t i = 0; i + 1 < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
    }
    std::string text;
    for (const auto& row : rows_) {
        std::string line = indent;
        for (size_t i = 0; i < row.size(); ++i) line += i + 1 < row.size() ? padded(row[i], widths[i] + 2) : row[i];
        line.resize(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

}  // namespace kafkasim::sim::lab
