// SPDX-License-Identifier: Apache-2.0
#pragma once
// java.util.regex.Pattern as far as names need it: whether the whole of a name fits an expression, and what Java says
// of an expression that is none. Names are ASCII, a line each. Used by the consumer (subscription by pattern) and by
// the tools that choose topics. Pure.
// Java 17: java.util.regex.Pattern, PatternSyntaxException.
// Simplified: no look-behind, back references, possessive and atomic groups; of \p the ASCII classes. They are refused
// by name.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kafkasim::java {

/// PatternSyntaxException. `not_modelled` names a construct that Java has and this does not; empty: a mistake.
struct PatternFailure {
    std::string description;  // "Unclosed group"
    int32_t index = -1;
    std::string pattern;
    std::string not_modelled;

    /// getMessage(): two or three lines, the last one with a caret.
    std::string message() const;
};

class Pattern {
public:
    static std::variant<Pattern, PatternFailure> compile(std::string_view text);

    bool matches(std::string_view name) const;
    const std::string& text() const { return text_; }
    bool operator==(const Pattern& other) const { return text_ == other.text_; }

private:
    friend class PatternParser;
    friend class PatternMatcher;
    static constexpr uint32_t kUnlimited = std::numeric_limits<uint32_t>::max();
    enum class Kind : uint8_t { Set, Group, Begin, End, Boundary, NotBoundary, Ahead, NotAhead };
    struct Item;
    using Sequence = std::vector<Item>;
    struct Item {
        Kind kind = Kind::Set;
        std::vector<bool> set;               // Set: by byte
        std::vector<Sequence> alternatives;  // Group, Ahead, NotAhead
        uint32_t least = 1;
        uint32_t most = 1;
    };

    std::string text_;
    std::vector<Sequence> alternatives_;
};

}  // namespace kafkasim::java
