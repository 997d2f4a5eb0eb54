// SPDX-License-Identifier: Apache-2.0
#include "bench/process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

namespace kafkasim::bench {

namespace {

constexpr int kCouldNotStart = 127;

[[noreturn]] void become(char* const* arguments) {
    const int nowhere = ::open("/dev/null", O_RDWR);
    if (nowhere >= 0) {
        ::dup2(nowhere, STDIN_FILENO);
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
    }
    ::execv(arguments[0], arguments);
    ::_exit(kCouldNotStart);
}

double ms_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1'000 + static_cast<double>(time.tv_usec) / 1'000;
}

}  // namespace

std::optional<ProcessCost> run_process(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);

    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child < 0) return std::nullopt;
    if (child == 0) become(arguments.data());
    int status = 0;
    rusage usage{};
    if (::wait4(child, &status, 0, &usage) != child) return std::nullopt;
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;

    const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    if (code == kCouldNotStart) return std::nullopt;
    return ProcessCost{taken.count(), ms_of(usage.ru_utime) + ms_of(usage.ru_stime),
                       static_cast<int64_t>(usage.ru_maxrss), code};
}

}  // namespace kafkasim::bench
