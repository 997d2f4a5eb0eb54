// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/text_pattern.hpp"

#include <algorithm>

namespace kafkasim::sim::scenario {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

bool in_class(std::string_view name, char c) {
    if (name == "digit") return is_digit(c);
    if (name == "hex") return is_hex(c);
    if (name == "word") return is_word_char(c);
    return name.find(c) != std::string_view::npos;
}

bool word_edge(std::string_view text, size_t at) {
    const bool before = at > 0 && is_word_char(text[at - 1]);
    const bool after = at < text.size() && is_word_char(text[at]);
    return before != after;
}

std::optional<size_t> either(std::string_view words, std::string_view rest) {
    while (true) {
        const size_t bar = words.find('|');
        const std::string_view word = words.substr(0, bar);
        if (rest.starts_with(word)) return word.size();
        if (bar == std::string_view::npos) return std::nullopt;
        words.remove_prefix(bar + 1);
    }
}

/// How many characters the piece takes at `at`; nullopt if it does not match.
std::optional<size_t> taken(const Piece& piece, std::string_view text, size_t at, bool first) {
    const std::string_view rest = text.substr(at);
    const auto if_true = [](bool matches) { return matches ? std::optional<size_t>(0) : std::nullopt; };
    switch (piece.kind) {
        case PieceKind::Text:
            return rest.starts_with(piece.text) ? std::optional(piece.text.size()) : std::nullopt;
        case PieceKind::Either:
            return either(piece.text, rest);
        case PieceKind::Optional:
            return rest.starts_with(piece.text) ? piece.text.size() : 0;
        case PieceKind::Chars: {
            size_t count = 0;
            while (count < rest.size() && count < piece.most && in_class(piece.text, rest[count])) ++count;
            return count >= piece.least ? std::optional(count) : std::nullopt;
        }
        case PieceKind::WordEdge:
            return if_true(word_edge(text, at));
        case PieceKind::NoDigit:
            return if_true(first ? at == 0 || !is_digit(text[at - 1]) : rest.empty() || !is_digit(rest[0]));
        case PieceKind::LineStart:
            return if_true(at == 0 || text[at - 1] == '\n');
        case PieceKind::LineEnd:
            return if_true(rest.empty() || rest[0] == '\n');
        case PieceKind::RestOfLine:
            return std::min(rest.find('\n'), rest.size());
    }
    return std::nullopt;
}

}  // namespace

bool is_word_char(char c) {
    // Bytes beyond ASCII belong to letters of other scripts.
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (static_cast<unsigned char>(c) & 0x80U) != 0;
}

std::optional<Match> match_at(const Pattern& pattern, std::string_view text, size_t at) {
    Match match{at, ""};
    for (const Piece& piece : pattern) {
        const auto count = taken(piece, text, match.end, &piece == &pattern.front());
        if (!count) return std::nullopt;
        if (piece.kept) match.kept += text.substr(match.end, *count);
        match.end += *count;
    }
    return match;
}

std::string replace_all(const Pattern& pattern, std::string_view text,
                        const std::function<std::string(std::string_view, const std::string&)>& name) {
    std::string result;
    for (size_t at = 0; at < text.size();) {
        const auto match = match_at(pattern, text, at);
        if (match && match->end > at) {
            result += name(text.substr(at, match->end - at), match->kept);
            at = match->end;
        } else {
            result += text[at++];
        }
    }
    return result;
}

std::vector<std::string> lines_in(std::string_view text) {
    std::vector<std::string> lines;
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find_first_of("\r\n", at), text.size());
        lines.emplace_back(text.substr(at, end - at));
        at = end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
    }
    return lines;
}

}  // namespace kafkasim::sim::scenario
