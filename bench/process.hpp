// SPDX-License-Identifier: Apache-2.0
#pragma once
// Measures a program as a person meets it: started as a process, run to its end, its output thrown away.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kafkasim::bench {

struct ProcessCost {
    double wall_ms = 0;  // from before fork to after wait
    double cpu_ms = 0;   // in user and system mode; what else the machine does disturbs it less
    int64_t peak_memory_kib = 0;
    int exit_code = 0;  // 128 + signal if it was killed
};

/// Nothing if it could not be started. Linux counts what this process occupied at the fork into the child's peak,
/// so call it early.
std::optional<ProcessCost> run_process(const std::vector<std::string>& command);

}  // namespace kafkasim::bench
