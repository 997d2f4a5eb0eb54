// SPDX-License-Identifier: Apache-2.0
//
// Finds the functions of a source file and their lengths, by counting braces over its tokens.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/tidy/source_file.hpp"

namespace kafkasim::tidy {

struct Function {
    std::string name;
    int first_line = 0;  // of the statement that opens the body
    int last_line = 0;   // of the closing brace
    std::size_t body_begin = 0;
    std::size_t body_end = 0;  // tokens of the body, without its braces

    int length() const { return last_line - first_line + 1; }
};

// Functions in namespaces and types, in the order of their ends. A lambda counts as part of the function around it.
std::vector<Function> find_functions(const std::vector<Token>& tokens);

}  // namespace kafkasim::tidy
