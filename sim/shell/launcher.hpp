// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs a command line in a terminal as bash would: finds the programs, joins a pipeline, redirects. What it starts
// is processes of the world.

#include <optional>
#include <string>
#include <vector>

#include "sim/world/world.hpp"

namespace kafkasim::sim {

struct Launch {
    std::vector<ProcessId> pipeline;        // first to last; empty if nothing could be started
    std::optional<std::string> error_text;  // what bash says on stderr then
    int exit_code = 0;                      // and its exit code
    bool reads_terminal = true;             // false: standard input is a file or a pipe
    bool daemon = false;                    // it was started with -daemon: the command has ended, the process lives on
    bool in_background = false;             // a trailing `&`

    ProcessId first() const { return pipeline.front(); }
    ProcessId last() const { return pipeline.back(); }
};

/// With `terminal`, standard input, output and error of a single program are one terminal, unless it is redirected;
/// otherwise they are pipes.
Launch launch(World& world, const std::string& command_line, bool terminal = false);

/// The number that the shell and `ps` call a process by.
int pid_of(ProcessId process);

}  // namespace kafkasim::sim
