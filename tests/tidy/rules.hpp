// SPDX-License-Identifier: Apache-2.0
//
// The project's style as functions from a source file to complaints. tidy_test.cpp applies them to the tree, and
// shows
// for each rule a sample that it must complain about.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/tidy/source_file.hpp"

namespace kafkasim::tidy {

// "path:line: what is wrong and what to do instead"
using Complaints = std::vector<std::string>;

constexpr int kMaxFileLines = 600;
constexpr int kMaxFunctionLines = 60;

// Which folder may include which: the arrows of the design. A folder that the table does not name is a complaint.
Complaints check_includes(const SourceFile& file);

// No clock, chance, thread, console, file, exception, hashed container or hidden state in core; no clock, chance,
// thread or exception in sim outside sim/cli; no floating-point library anywhere in both.
Complaints check_bans(const SourceFile& file);

// At most 600 lines a file and 60 a function, unless a line "// Long: <reason>" says why.
Complaints check_lengths(const SourceFile& file);

// The licence line first; #pragma once in headers.
Complaints check_opening(const SourceFile& file);

// nlohmann/json stays in .cpp files and CLI11 in sim/cli/*.cpp: they are the slow headers to compile.
Complaints check_slow_headers(const SourceFile& file);

// Every .cpp file is compiled by some target.
Complaints check_targets(const std::vector<std::string>& files, const std::set<std::string>& compiled);

}  // namespace kafkasim::tidy
