// SPDX-License-Identifier: Apache-2.0
// kafkasim_bench [PATH_OF_KAFKASIM]: the yardsticks of the project, as `./dev bench` prints them.
// The first is the replication test as a whole process; then a crowd of consumers through a rolling restart; then a
// cluster nobody uses; then the event core against the naive loop. Exit code 1 only
// when the two sides of a comparison did not do the same; how fast a shared machine happens to be never decides
// anything.

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "bench/compare.hpp"
#include "bench/idle.hpp"
#include "bench/process.hpp"

namespace {

using namespace kafkasim::bench;

constexpr int kProcessRuns = 20;
constexpr double kAimMs = 10;
constexpr double kAimMib = 12;
constexpr int kCrowdRuns = 3;
constexpr const char* kThousandConsumers = "bench/a-thousand-consumers.json";
constexpr int kIdleSeconds = 600;
constexpr int kRounds = 9;
constexpr uint64_t kEventsPerRound = 200'000;
constexpr double kAimRatio = 1.0;

std::string verdict(bool reached) { return reached ? "reached" : "not reached"; }

struct ProcessMedians {
    double wall_ms = 0;
    double cpu_ms = 0;
    double peak_mib = 0;
};

/// Runs a scenario as a whole process; nothing, and says why, if it cannot be measured.
std::optional<ProcessMedians> measure_scenario(const std::string& program, const std::string& scenario, int runs) {
    if (::access(program.c_str(), X_OK) != 0) {
        fmt::print("  not built: there is no program at {}\n\n", program);
        return std::nullopt;
    }
    std::vector<double> wall_ms;
    std::vector<double> cpu_ms;
    std::vector<double> peak_mib;
    for (int i = 0; i < runs; ++i) {
        const auto cost = run_process({program, "run", scenario, "--quiet"});
        if (!cost || cost->exit_code != 0) {
            fmt::print("  not measured: it {}\n\n", cost ? fmt::format("ends with exit code {}", cost->exit_code)
                                                         : std::string("cannot be started"));
            return std::nullopt;
        }
        wall_ms.push_back(cost->wall_ms);
        cpu_ms.push_back(cost->cpu_ms);
        peak_mib.push_back(static_cast<double>(cost->peak_memory_kib) / 1024);
    }
    return ProcessMedians{median(wall_ms), median(cpu_ms), median(peak_mib)};
}

void measure_replication_test(const std::string& program) {
    fmt::print("The replication test as a whole process: {} run replication-test --quiet\n\n", program);
    const auto cost = measure_scenario(program, "replication-test", kProcessRuns);
    if (!cost) return;
    fmt::print("  wall time    {:7.1f} ms     median of {} runs    aim {:2.0f} ms: {}\n", cost->wall_ms, kProcessRuns,
               kAimMs, verdict(cost->wall_ms <= kAimMs));
    fmt::print("  CPU time     {:7.1f} ms     median of {} runs\n", cost->cpu_ms, kProcessRuns);
    fmt::print("  peak memory  {:7.1f} MiB    median of {} runs    aim {:2.0f} MiB: {}\n\n", cost->peak_mib,
               kProcessRuns, kAimMib, verdict(cost->peak_mib <= kAimMib));
}

void measure_thousand_consumers(const std::string& program) {
    fmt::print(
        "1,000 consumers in 100 groups on 600 partitions, through a rolling restart of all brokers: {} run {} "
        "--quiet\n\n",
        program, kThousandConsumers);
    const auto cost = measure_scenario(program, kThousandConsumers, kCrowdRuns);
    if (!cost) return;
    fmt::print("  wall time    {:7.1f} s      median of {} runs\n", cost->wall_ms / 1000, kCrowdRuns);
    fmt::print("  CPU time     {:7.1f} s      median of {} runs\n", cost->cpu_ms / 1000, kCrowdRuns);
    fmt::print("  peak memory  {:7.1f} MiB    median of {} runs\n\n", cost->peak_mib, kCrowdRuns);
}

void measure_idle() {
    fmt::print(
        "A cluster nobody uses: ZooKeeper, three brokers and a topic with three replicas, over {} virtual seconds\n\n",
        kIdleSeconds);
    fmt::print("  {:>10}{:>19}{:>15}{:>12}{:>20}\n", "partitions", "events per second", "us per second", "ns/event",
               "allocations/event");
    fmt::print("  {:-<76}\n", "");
    for (const int partitions : {3, 30, 300}) {
        const auto cost = measure_idle_cluster(partitions, kIdleSeconds);
        if (!cost) {
            fmt::print("  {:>10}  not measured: the topic could not be created\n", partitions);
            continue;
        }
        fmt::print("  {:>10}{:>19.1f}{:>15.1f}{:>12.0f}{:>20.2f}\n", partitions, cost->events_per_second,
                   cost->us_per_second, cost->ns_per_event, cost->allocations_per_event);
    }
    fmt::print("\n");
    std::fflush(stdout);
}

/// False if the two sides did different things.
bool measure_event_core() {
    fmt::print(
        "The event core against a std::priority_queue of std::function: ns per event, medians of {} rounds of {} "
        "events\n\n",
        kRounds, kEventsPerRound);
    fmt::print("  {:<14}{:>9}{:>10}{:>10}{:>10}\n", "workload", "pending", "ours", "naive", "ratio");
    fmt::print("  {:-<53}\n", "");
    double worst = 0;
    bool same = true;
    for (const Kind kind : {Kind::Hold, Kind::RequestReply, Kind::TimerChurn}) {
        for (const uint32_t pending : {100U, 1'000U, 10'000U, 100'000U}) {
            const Comparison result = compare(kind, pending, kRounds, kEventsPerRound);
            const bool first = pending == 100U;
            fmt::print("  {:<14}{:>9}{:>10.1f}{:>10.1f}{:>10.2f}{}\n", first ? name_of(kind) : "", pending,
                       result.ours_ns, result.naive_ns, result.ratio,
                       result.same_events ? "" : "  the two sides did different things");
            std::fflush(stdout);
            worst = std::max(worst, result.ratio);
            same = same && result.same_events;
        }
    }
    fmt::print("\n  highest ratio {:.2f}    aim at most {:.2f}: {}\n", worst, kAimRatio, verdict(worst <= kAimRatio));
    return same;
}

}  // namespace

int main(int argc, char* argv[]) {
    const std::string program = argc > 1 ? argv[1] : "build/release/kafkasim";
    measure_replication_test(program);
    std::fflush(stdout);
    measure_thousand_consumers(program);
    std::fflush(stdout);
    measure_idle();
    return measure_event_core() ? 0 : 1;
}
