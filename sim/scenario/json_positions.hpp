// SPDX-License-Identifier: Apache-2.0
#pragma once
// JSON read into a tree that still knows where in the text each value stands, so that a complaint can name line,
// column and JSON pointer. Called by the reader of
// scenarios; recordings and comparisons need no places and use nlohmann/json's own tree.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::sim::scenario {

struct LocatedMember;

struct Located {
    enum class Kind : uint8_t { Null, Boolean, Integer, Number, String, Array, Object } kind = Kind::Null;
    size_t begin = 0;  // bytes [begin, end) of the text
    size_t end = 0;
    bool boolean = false;
    int64_t integer = 0;
    std::string text;  // of a string
    std::vector<Located> items;
    std::vector<LocatedMember> members;

    bool is(Kind wanted) const { return kind == wanted; }
    /// The first member of that name, or nullptr.
    const Located* member(std::string_view key) const;
};

struct LocatedMember {
    std::string key;
    size_t key_begin = 0;
    Located value;
};

struct SyntaxError {
    size_t at = 0;      // byte
    std::string found;  // "unexpected ']'; expected end of input"
};

struct LocatedText {
    std::optional<Located> root;
    SyntaxError error;  // if there is no root
};

LocatedText read_located(std::string_view text);

struct Place {
    int line = 1;
    int column = 1;  // in characters, not bytes
};

Place place_of(std::string_view text, size_t at);

/// The JSON pointer of the value or key that stands at `at`: "/steps/3/expct"; "" for the whole.
std::string pointer_of(const Located& root, size_t at);

}  // namespace kafkasim::sim::scenario
