// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/fuzz_workers.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "sim/fuzz/report.hpp"
#include "sim/world/run_label.hpp"

namespace kafkasim::sim::cli {

namespace {

constexpr unsigned kLongestSeconds = 120;  // of real time; a seed takes a fraction of one

/// A process that plays every n-th seed, and what it has told so far.
struct Worker {
    pid_t process = -1;
    int from = -1;  // it writes a line for each seed here
    std::string unread;
    uint64_t next = 0;  // the seed that it is at
    bool done = false;
};

void write_all(int to, const std::string& text) {
    for (size_t at = 0; at < text.size();) {
        const ssize_t written = write(to, text.data() + at, text.size() - at);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) _exit(1);
        at += static_cast<size_t>(written);
    }
}

[[noreturn]] void work(const FuzzJob& job, uint64_t from_seed, int to) {
    std::signal(SIGINT, SIG_IGN);  // the first process decides
    std::signal(SIGALRM, SIG_DFL);
    for (uint64_t seed = from_seed; seed <= job.last; seed += job.jobs) {
        set_run_label(fmt::format("kafkasim fuzz --profile {} --seeds {}..{}", job.profile->name, seed, seed));
        alarm(kLongestSeconds);
        write_all(to, fuzz::line_of(fuzz::play_seed(*job.profile, seed)));
    }
    _exit(0);
}

bool start(const FuzzJob& job, Worker& worker) {
    int ends[2];
    if (pipe(ends) != 0) return false;
    std::fflush(nullptr);
    const pid_t process = fork();
    if (process < 0) return false;
    if (process == 0) {
        close(ends[0]);
        work(job, worker.next, ends[1]);
    }
    close(ends[1]);
    worker.process = process;
    worker.from = ends[0];
    worker.unread.clear();
    return true;
}

/// It ended before it had told of its seed: that is what this seed has come to.
fuzz::SeedResult ended_early(uint64_t seed, int status) {
    fuzz::SeedResult result;
    result.seed = seed;
    const bool late = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    if (late)
        result.found.push_back({"no end", fmt::format("it was not over after {} s of real time", kLongestSeconds)});
    else if (WIFSIGNALED(status))
        result.found.push_back({"crash", fmt::format("the process ended by {}", strsignal(WTERMSIG(status)))});
    else
        result.found.push_back({"crash", fmt::format("the process ended with exit code {}", WEXITSTATUS(status))});
    return result;
}

class Workers {
public:
    Workers(const FuzzJob& job, const std::function<void(fuzz::SeedResult&&)>& done) : job_(job), done_(done) {}
    ~Workers() {
        for (Worker& worker : workers_) {
            if (worker.done || worker.process < 0) continue;
            kill(worker.process, SIGKILL);
            reap(worker);
        }
    }
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    bool begin() {
        const uint64_t seeds = job_.last - job_.first + 1;
        for (uint64_t i = 0; i < std::min<uint64_t>(job_.jobs, seeds); ++i) {
            workers_.emplace_back().next = job_.first + i;
            if (!start(job_, workers_.back())) return false;
        }
        return true;
    }

    bool all_done() const {
        return std::all_of(workers_.begin(), workers_.end(), [](const Worker& worker) { return worker.done; });
    }

    /// Waits a moment for news.
    bool listen() {
        std::vector<pollfd> waiting;
        for (const Worker& worker : workers_) waiting.push_back({worker.done ? -1 : worker.from, POLLIN, 0});
        if (poll(waiting.data(), waiting.size(), 100) < 0) return errno == EINTR;
        for (size_t i = 0; i < workers_.size(); ++i) {
            if (waiting[i].revents != 0 && !hear(workers_[i])) return false;
        }
        return true;
    }

private:
    int reap(Worker& worker) {
        int status = 0;
        close(worker.from);
        while (waitpid(worker.process, &status, 0) < 0 && errno == EINTR) {
        }
        worker.process = -1;
        return status;
    }

    bool hear(Worker& worker) {
        char buffer[1 << 16];
        const ssize_t size = read(worker.from, buffer, sizeof buffer);
        if (size < 0) return errno == EINTR;
        if (size == 0) return over(worker);
        worker.unread.append(buffer, static_cast<size_t>(size));
        size_t begin = 0;
        for (size_t end = worker.unread.find('\n'); end != std::string::npos;
             begin = end + 1, end = worker.unread.find('\n', begin)) {
            if (auto result = fuzz::result_of_line(worker.unread.substr(begin, end - begin))) {
                done_(std::move(*result));
                worker.next += job_.jobs;
            }
        }
        worker.unread.erase(0, begin);
        return true;
    }

    bool over(Worker& worker) {
        const int status = reap(worker);
        if (worker.next <= job_.last) {
            done_(ended_early(worker.next, status));
            worker.next += job_.jobs;
        }
        worker.done = worker.next > job_.last;
        return worker.done || start(job_, worker);
    }

    const FuzzJob& job_;
    const std::function<void(fuzz::SeedResult&&)>& done_;
    std::vector<Worker> workers_;
};

}  // namespace

bool play_seeds(const FuzzJob& job, const std::function<void(fuzz::SeedResult&&)>& done,
                const std::function<bool()>& stop) {
    Workers workers(job, done);
    if (!workers.begin()) return false;
    while (!workers.all_done() && !stop()) {
        if (!workers.listen()) return false;
    }
    return true;
}

}  // namespace kafkasim::sim::cli
