// SPDX-License-Identifier: Apache-2.0
// This file also replaces the program's operator new, to count. It costs each side of every comparison the same.
#include "bench/idle.hpp"

#include <chrono>
#include <cstdlib>
#include <new>
#include <string>

#include "sim/shell/launcher.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/world.hpp"

namespace {

uint64_t allocations = 0;

void* counted(std::size_t size) {
    ++allocations;
    if (void* place = std::malloc(size == 0 ? 1 : size)) return place;
    std::abort();
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* place) noexcept { std::free(place); }
void operator delete[](void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }
void operator delete[](void* place, std::size_t) noexcept { std::free(place); }

namespace kafkasim::bench {

namespace {

constexpr Duration kSettle = 30s;

/// The program's exit code; 0 while it runs.
int type(sim::World& world, const std::string& command, Duration time) {
    const sim::Launch launched = sim::launch(world, command);
    world.run_until(world.now() + time);
    return launched.pipeline.empty() ? launched.exit_code : world.process(launched.last()).exit_code;
}

bool start_cluster(sim::World& world, int partitions) {
    sim::install(world.disk(), sim::Installation{});
    type(world, "bin/zookeeper-server-start.sh config/zookeeper.properties", 3s);
    for (const int32_t id : {1, 2, 3}) type(world, "bin/kafka-server-start.sh " + sim::config_file_of(id), 10s);
    const std::string create =
        "bin/kafka-topics.sh --create --topic idle --bootstrap-server localhost:9093 --replication-factor 3 "
        "--partitions ";
    return type(world, create + std::to_string(partitions), kSettle) == 0;
}

}  // namespace

std::optional<IdleCost> measure_idle_cluster(int partitions, int seconds) {
    sim::World world{sim::WorldOptions{}};
    if (!start_cluster(world, partitions)) return std::nullopt;
    world.run_until(world.now() + kSettle);
    const uint64_t events_before = world.events();
    const uint64_t allocations_before = allocations;
    const auto begin = std::chrono::steady_clock::now();
    world.run_until(world.now() + std::chrono::seconds(seconds));
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - begin;
    const auto events = static_cast<double>(world.events() - events_before);
    return IdleCost{events / seconds, taken.count() / 1'000 / seconds, taken.count() / events,
                    static_cast<double>(allocations - allocations_before) / events};
}

}  // namespace kafkasim::bench
