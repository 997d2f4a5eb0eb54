// SPDX-License-Identifier: Apache-2.0
#pragma once
// Small text patterns as data, for values of chance in what programs print: time stamps, ports, ids. A pattern is a
// row of pieces that match one after another, each as much as
// it can and never less (no backtracking), which is enough for all of ours, fast, and cannot throw.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::sim::scenario {

enum class PieceKind : uint8_t {
    Text,      // `text`
    Either,    // one of the words in `text`, separated by |
    Optional,  // `text`, or nothing
    Chars,     // `least` to `most` characters of the class `text`: "digit", "hex", "word", or the characters themselves
    WordEdge,  // between a word character and none
    NoDigit,   // no digit stands here, nor (at the pattern's begin) before here
    LineStart,
    LineEnd,
    RestOfLine,
};

inline constexpr size_t kAnyNumber = SIZE_MAX;

struct Piece {
    PieceKind kind;
    std::string_view text = "";
    size_t least = 1;
    size_t most = kAnyNumber;
    bool kept = false;  // stands in what replaces the match, in place of $
};

using Pattern = std::vector<Piece>;

struct Match {
    size_t end = 0;
    std::string kept;
};

/// Whether the pattern matches `text` from `at` on.
std::optional<Match> match_at(const Pattern& pattern, std::string_view text, size_t at);

/// Each match replaced by what `name` makes of the matched text and of what is kept of it.
std::string replace_all(const Pattern& pattern, std::string_view text,
                        const std::function<std::string(std::string_view, const std::string&)>& name);

bool is_word_char(char c);

/// Lines without their ends; "\n", "\r\n" and "\r" end one.
std::vector<std::string> lines_in(std::string_view text);

}  // namespace kafkasim::sim::scenario
