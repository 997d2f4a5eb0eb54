// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/transcript.hpp"

#include <fmt/format.h>

#include "core/base/text.hpp"
#include "sim/scenario/text_pattern.hpp"

namespace kafkasim::sim::lab {

namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view kFence = "```console lab ";
constexpr std::string_view kEndOfFence = "```";
constexpr std::string_view kTyped = "» ";
constexpr std::string_view kAnyLines = "…";

bool is_key(std::string_view text) { return text == "^C" || text == "^D"; }

/// Without the clock: "[2022-01-01 01:08:20,944]" and "01:08:20.944" are any time.
Lines without_times(Lines lines) {
    using enum scenario::PieceKind;
    static const scenario::Pattern kTime = {
        {NoDigit},   {Chars, "digit", 2, 2}, {Text, ":"},     {Chars, "digit", 2, 2},
        {Text, ":"}, {Chars, "digit", 2, 2}, {Either, ",|."}, {Chars, "digit", 3, 3}};
    for (std::string& line : lines)
        line = scenario::replace_all(kTime, line, [](std::string_view, const std::string&) { return "<time>"; });
    return lines;
}

/// The line as a terminal shows it once it is typed. A key's echo is part of what the program's terminal prints.
std::string shown_input(const std::string& typed, const Reply& reply) {
    if (typed.starts_with(":")) return typed;
    if (is_key(typed)) return reply.prompt + (reply.text.starts_with(typed) ? "" : typed);
    return (reply.prompt.empty() ? std::string(kTyped) : reply.prompt) + typed;
}

}  // namespace

std::optional<std::string> typed_in(const std::string& line) {
    if (line.starts_with("$ ")) return line.substr(2);
    if (line.starts_with(kTyped)) return line.substr(kTyped.size());
    if (line.starts_with(":") && line.size() > 1) return line;
    const std::string text = line.starts_with(">") ? line.substr(1) : line;
    if (text.starts_with("^C") || text.starts_with("^D")) return text.substr(0, 2);
    if (line.starts_with(">") && !text.empty()) return text;
    return std::nullopt;
}

std::vector<Block> blocks_of(const Lines& page) {
    std::vector<Block> blocks;
    bool inside = false;
    for (size_t i = 0; i < page.size(); ++i) {
        if (!inside && page[i].starts_with(kFence)) {
            blocks.push_back({i + 1, page[i].substr(kFence.size()), {}});
            inside = true;
        } else if (inside && page[i] == kEndOfFence) {
            inside = false;
        } else if (inside) {
            blocks.back().lines.push_back(page[i]);
        }
    }
    return blocks;
}

Lines played(Session& session, const Block& block) {
    session.go(block.terminal);
    std::string text;
    for (const std::string& line : block.lines) {
        const auto typed = typed_in(line);
        if (!typed) continue;
        const Reply reply = session.enter(*typed);
        const std::string input = shown_input(*typed, reply);
        text += input;
        if (!is_key(*typed) || input.ends_with(*typed)) text += "\n";
        text += reply.text;
        if (!text.ends_with("\n")) text += "\n";
    }
    return scenario::lines_in(text);
}

bool matches(const Lines& shown, const Lines& actual) {
    // reached[j]: what was looked at of `shown` so far may stand for the first j lines of `actual`.
    std::vector<bool> reached(actual.size() + 1, false);
    reached[0] = true;
    for (const std::string& line : shown) {
        std::vector<bool> next(actual.size() + 1, false);
        bool earlier = false;
        for (size_t j = 0; j <= actual.size(); ++j) {
            earlier = earlier || reached[j];
            if (line == kAnyLines) {
                next[j] = earlier;
            } else if (j > 0) {
                next[j] = reached[j - 1] && line == actual[j - 1];
            }
        }
        reached = std::move(next);
    }
    return reached[actual.size()];
}

PlayedPage play_page(Session& session, const std::string& page) {
    const Lines lines = scenario::lines_in(page);
    PlayedPage result;
    size_t copied = 0;
    for (const Block& block : blocks_of(lines)) {
        const Lines actual = played(session, block);
        const bool same = matches(without_times(block.lines), without_times(actual));
        for (; copied < block.begins; ++copied) result.text += lines[copied] + "\n";
        for (const std::string& line : same ? block.lines : actual) result.text += line + "\n";
        copied = block.begins + block.lines.size();
        ++result.blocks;
        if (!same)
            result.differences.push_back(fmt::format("line {}, terminal {}: it is\n{}\n", block.begins + 1,
                                                     block.terminal, fmt::join(actual, "\n")));
    }
    for (; copied < lines.size(); ++copied) result.text += lines[copied] + "\n";
    return result;
}

}  // namespace kafkasim::sim::lab
