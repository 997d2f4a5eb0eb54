// SPDX-License-Identifier: Apache-2.0
#include "core/config/properties.hpp"

#include <set>
#include <vector>

#include "core/base/text.hpp"

namespace kafkasim::config {

namespace {

constexpr std::string_view kBlanks = " \t\r\f";

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return lines;
}

/// The key of a line; empty for a comment or a blank line.
std::string_view key_of(std::string_view line) {
    const std::string_view content = trimmed(line, kBlanks);
    if (content.empty() || content.front() == '#' || content.front() == '!') return {};
    return trimmed(content.substr(0, content.find_first_of("=:")), kBlanks);
}

}  // namespace

Properties parse_properties(std::string_view text) {
    Properties properties;
    for (std::string_view line : lines_of(text)) {
        const std::string_view key = key_of(line);
        if (key.empty()) continue;
        const size_t separator = line.find_first_of("=:");
        const std::string_view value =
            separator == std::string_view::npos ? std::string_view() : trimmed(line.substr(separator + 1), kBlanks);
        properties.insert_or_assign(std::string(key), std::string(value));
    }
    return properties;
}

std::string with_properties(std::string_view text, const Properties& changes) {
    std::string result;
    std::set<std::string, std::less<>> done;
    for (std::string_view line : lines_of(text)) {
        const auto change = changes.find(key_of(line));
        if (change == changes.end()) {
            result += std::string(line) + "\n";
        } else if (done.insert(change->first).second) {
            result += change->first + "=" + change->second + "\n";
        }
    }
    for (const auto& [key, value] : changes) {
        if (!done.contains(key)) result += key + "=" + value + "\n";
    }
    return result;
}

}  // namespace kafkasim::config
