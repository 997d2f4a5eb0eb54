// SPDX-License-Identifier: Apache-2.0
// What waiting costs: a cluster nobody uses goes on with pings, heartbeats and the followers' fetches, and that
// must not grow with the number of
// partitions that have nothing to tell.
#include "sim/shell/launcher.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/world.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;

namespace {

constexpr int kSeconds = 60;

struct IdleCluster {
    explicit IdleCluster(int partitions) : world(sim::WorldOptions{}) {
        sim::install(world.disk(), sim::Installation{});
        run("bin/zookeeper-server-start.sh config/zookeeper.properties", 3s);
        for (const int32_t id : {1, 2, 3}) run("bin/kafka-server-start.sh " + sim::config_file_of(id), 10s);
        const sim::ProcessId create =
            run("bin/kafka-topics.sh --create --topic idle --bootstrap-server localhost:9093 --replication-factor 3 "
                "--partitions " +
                    std::to_string(partitions),
                30s);
        const std::string topic = world.process(create).stdout_text;
        CHECK(topic == "Created topic idle.\n");
        INFO(world.process(create).stderr_text);
        REQUIRE(world.process(create).exit_code == 0);
        world.run_until(world.now() + 30s);  // the last of what creation brought about
    }

    sim::ProcessId run(const std::string& command, Duration time) {
        const sim::Launch launched = sim::launch(world, command);
        REQUIRE(launched.pipeline.size() == 1);
        world.run_until(world.now() + time);
        return launched.last();
    }

    uint64_t events_in_a_minute() {
        const uint64_t before = world.events();
        world.run_until(world.now() + std::chrono::seconds(kSeconds));
        return world.events() - before;
    }

    sim::World world;
};

}  // namespace

TEST_CASE("idle partitions cost no events") {
    const uint64_t few = IdleCluster(3).events_in_a_minute();
    const uint64_t many = IdleCluster(300).events_in_a_minute();
    INFO(few << " events in a minute with 3 partitions, " << many << " with 300");
    CHECK(few >
          100 * kSeconds / 60);  // they do wait for each other: every follower fetches from every leader twice a second
    // Which broker leads what differs between the topics, and so may the phase of a fetch or a ping at either end
    // of the minute.
    CHECK(many <= few + few / 50);
}

TEST_CASE("an idle cluster costs the same in every minute") {
    IdleCluster cluster(3);
    const uint64_t first = cluster.events_in_a_minute();
    for (int minute = 0; minute < 60; ++minute) cluster.world.run_until(cluster.world.now() + 60s);
    const uint64_t last = cluster.events_in_a_minute();
    INFO(first << " events in the first minute, " << last << " in the last of an hour");
    CHECK(last <= first + first / 50);
}
