// SPDX-License-Identifier: Apache-2.0

#include "core/base/java_pattern_sets.hpp"

#include <algorithm>

namespace kafkasim::java {
namespace {

template <typename Holds>
ByteSet set_of(const Holds& holds) {
    ByteSet set(kBytes, false);
    for (size_t i = 0; i < 128; ++i) set[i] = holds(static_cast<char>(i));
    return set;
}

constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_graph(char c) { return c > ' ' && c <= '~'; }

}  // namespace

int hexadecimal_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

ByteSet only(char c) {
    ByteSet set(kBytes, false);
    set[static_cast<unsigned char>(c)] = true;
    return set;
}

ByteSet complement(ByteSet set) {
    set.flip();
    return set;
}

ByteSet in_both_cases(ByteSet set) {
    if (set.empty()) return set;
    for (size_t lower = 'a'; lower <= 'z'; ++lower) {
        const size_t upper = lower - 'a' + 'A';
        set[lower] = set[upper] = set[lower] || set[upper];
    }
    return set;
}

void merge(ByteSet& set, const ByteSet& other) {
    for (size_t i = 0; i < std::min(set.size(), other.size()); ++i) set[i] = set[i] || other[i];
}

size_t size_of(const ByteSet& set) { return static_cast<size_t>(std::count(set.begin(), set.end(), true)); }

size_t first_of(const ByteSet& set) {
    return static_cast<size_t>(std::distance(set.begin(), std::find(set.begin(), set.end(), true)));
}

std::optional<ByteSet> named_set(char letter) {
    switch (letter) {
        case 'd':
            return set_of(is_digit);
        case 'D':
            return complement(set_of(is_digit));
        case 'w':
            return set_of([](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
        case 'W':
            return complement(*named_set('w'));
        case 's':
            return set_of(is_space);
        case 'S':
            return complement(set_of(is_space));
        case 'h':
            return set_of([](char c) { return c == ' ' || c == '\t'; });
        case 'H':
            return complement(*named_set('h'));
        case 'v':
            return set_of([](char c) { return c >= '\n' && c <= '\r'; });
        case 'V':
            return complement(*named_set('v'));
        default:
            return std::nullopt;
    }
}

std::optional<char> control_character(char letter) {
    switch (letter) {
        case 't':
            return '\t';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 'f':
            return '\f';
        case 'a':
            return '\a';
        case 'e':
            return '\x1b';
        default:
            return std::nullopt;
    }
}

std::optional<ByteSet> family_set(std::string_view name) {
    if (name == "Lower" || name == "Ll" || name == "javaLowerCase") return set_of(is_lower);
    if (name == "Upper" || name == "Lu" || name == "javaUpperCase") return set_of(is_upper);
    if (name == "Alpha" || name == "L" || name == "IsAlphabetic") return set_of(is_letter);
    if (name == "Digit" || name == "N" || name == "Nd" || name == "IsDigit") return set_of(is_digit);
    if (name == "Alnum") return set_of([](char c) { return is_letter(c) || is_digit(c); });
    if (name == "ASCII") return set_of([](char) { return true; });
    if (name == "Punct") return set_of([](char c) { return is_graph(c) && !is_letter(c) && !is_digit(c); });
    if (name == "Graph") return set_of(is_graph);
    if (name == "Print") return set_of([](char c) { return is_graph(c) || c == ' '; });
    if (name == "Blank") return set_of([](char c) { return c == ' ' || c == '\t'; });
    if (name == "Cntrl") return set_of([](char c) { return c < ' ' || c == '\x7f'; });
    if (name == "XDigit") return set_of([](char c) { return hexadecimal_digit(c) >= 0; });
    if (name == "Space") return set_of(is_space);
    return std::nullopt;
}

}  // namespace kafkasim::java
