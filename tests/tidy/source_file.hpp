// SPDX-License-Identifier: Apache-2.0
//
// A C++ source file as the style tests see it: its lines, its includes, and its tokens without comments, literals and
// preprocessor lines. Good enough for code that clang-format has laid out; no compiler.
#pragma once

#include <string>
#include <vector>

namespace kafkasim::tidy {

struct Token {
    std::string text;  // an identifier, a number, "::", "->", or one character; a string literal is "\"\""
    int line = 0;
};

struct Include {
    std::string path;  // as written between the quotes or angle brackets
    bool quoted = false;
    int line = 0;
};

struct SourceFile {
    std::string path;  // from the project's root, with '/'
    std::vector<std::string> lines;
    std::vector<Include> includes;
    std::vector<Token> tokens;

    bool is_header() const { return path.ends_with(".hpp"); }
    bool is_under(const std::string& folder) const { return path.starts_with(folder + "/"); }
    std::string folder() const;
};

SourceFile read_source(std::string path, const std::string& text);

}  // namespace kafkasim::tidy
