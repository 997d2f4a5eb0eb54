// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs the program that was built, as a shell does.

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "tests/catch.hpp"

namespace kafkasim::test {

struct Ran {
    std::string output;
    int exit_code = -1;
};

/// The path of kafkasim, in quotes for a shell.
inline std::string built_program() {
    const std::string program = std::string(KAFKASIM_BINARY_DIR) + "/kafkasim";
    INFO("the program has to be built: " << program);
    REQUIRE(access(program.c_str(), X_OK) == 0);
    return "'" + program + "'";
}

/// What a command line printed to standard output.
inline Ran run_in_shell(const std::string& command) {
    Ran ran;
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    char buffer[4096];
    for (size_t count = fread(buffer, 1, sizeof buffer, pipe); count > 0; count = fread(buffer, 1, sizeof buffer, pipe))
        ran.output.append(buffer, count);
    const int status = pclose(pipe);
    if (WIFEXITED(status)) ran.exit_code = WEXITSTATUS(status);
    return ran;
}

}  // namespace kafkasim::test
