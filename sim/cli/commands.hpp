// SPDX-License-Identifier: Apache-2.0
#pragma once
// The subcommands of kafkasim, one file each. Each adds itself to the program with its options and, when it is the
// one that was asked for, leaves what to do in `chosen`.
// Exit codes: 0 all went well; 1 a claim does not hold, or a problem; 2 bad usage or bad input, and nothing was done.

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace kafkasim::sim::cli {

inline constexpr int kGood = 0;
inline constexpr int kFailed = 1;
inline constexpr int kBadInput = 2;

using Command = std::function<int()>;

/// To standard output, as it is.
void print(const std::string& text);
/// What went wrong, or nothing.
std::string write_file(const std::string& path, const std::string& text);

void add_run(CLI::App& program, Command& chosen);
void add_check(CLI::App& program, Command& chosen);
void add_why(CLI::App& program, Command& chosen);
void add_scenarios(CLI::App& program, Command& chosen);
void add_schema(CLI::App& program, Command& chosen);
void add_fuzz(CLI::App& program, Command& chosen);
void add_lab(CLI::App& program, Command& chosen);

}  // namespace kafkasim::sim::cli
