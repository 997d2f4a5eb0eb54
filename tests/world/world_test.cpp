// SPDX-License-Identifier: Apache-2.0
#include "sim/world/world.hpp"

#include "sim/faults/faults.hpp"
#include "tests/catch.hpp"
#include "tests/world/probe.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;
using Log = std::vector<std::string>;

namespace {
WorldOptions options(uint64_t seed = 1) {
    WorldOptions result;
    result.seed = seed;
    return result;
}
Instant at(Duration time) { return Instant{time}; }
}  // namespace

TEST_CASE("nobody listens: the connection is refused") {
    World world(options());
    Log client;
    spawn_probe(world, "client", {.connects = 9093}, &client);
    world.run_until(at(1s));
    CHECK(client == Log{"start", "refused"});
}

TEST_CASE("messages of a connection arrive in order and are answered in order") {
    World world(options());
    Log server;
    Log client;
    spawn_probe(world, "server", {.listens = 9093}, &server);
    world.run_until(at(10ms));
    spawn_probe(world, "client", {.connects = 9093, .requests = 3, .closes = true}, &client);
    world.run_until(at(1s));
    CHECK(server ==
          Log{"start", "accepted 9093", "HeartbeatRequest 0", "HeartbeatRequest 1", "HeartbeatRequest 2", "closed"});
    CHECK(client ==
          Log{"start", "connected tag 3", "HeartbeatResponse 0", "HeartbeatResponse 1", "HeartbeatResponse 2"});
}

TEST_CASE("the end of a process closes its connections and frees its port") {
    World world(options());
    Log server;
    Log client;
    Log late;
    const ProcessId id = spawn_probe(world, "server", {.listens = 9093}, &server);
    world.run_until(at(10ms));
    spawn_probe(world, "client", {.connects = 9093}, &client);
    world.run_until(at(20ms));
    world.kill(id);
    world.run_until(at(30ms));
    spawn_probe(world, "late", {.connects = 9093}, &late);
    world.run_until(at(1s));
    CHECK(client == Log{"start", "connected tag 3", "closed"});
    CHECK(late == Log{"start", "refused"});
    CHECK(world.process(id).exit_code == 137);
    CHECK_FALSE(world.find("server"));
}

TEST_CASE("a paused process hears everything when it goes on, timers too") {
    World world(options());
    Log server;
    Log client;
    const ProcessId id = spawn_probe(world, "server", {.listens = 9093, .timer = 50ms}, &server);
    world.run_until(at(10ms));
    world.pause(id);
    spawn_probe(world, "client", {.connects = 9093, .requests = 1}, &client);
    world.run_until(at(1s));
    CHECK(server == Log{"start"});
    CHECK(client == Log{"start", "connected tag 3"});  // the host makes the connection, not the process
    world.resume(id);
    world.run_until(at(2s));
    CHECK(server == Log{"start", "accepted 9093", "HeartbeatRequest 0", "timer"});
    CHECK(client.back() == "HeartbeatResponse 0");
}

TEST_CASE("a cut network holds what is sent and tells nobody, and delivers when it heals") {
    World world(options());
    Faults faults(world);
    Log server;
    Log client;
    spawn_probe(world, "server", {.listens = 9093}, &server);
    world.run_until(at(10ms));
    faults.cut({"server", "client"}, {"server", "client"}, false, false);
    spawn_probe(world, "client", {.connects = 9093, .requests = 1}, &client);
    world.run_until(at(60s));
    CHECK(client == Log{"start"});
    CHECK(server == Log{"start"});
    faults.heal_all();
    world.run_until(at(61s));
    CHECK(client.back() == "HeartbeatResponse 0");
    CHECK(faults.idle().empty());
}

TEST_CASE("one request of a kind is held, with what follows it; the rest passes") {
    World world(options());
    Faults faults(world);
    Log server;
    Log client;
    spawn_probe(world, "server", {.listens = 9093}, &server);
    world.run_until(at(10ms));
    faults.hold("Heartbeat", "server", false);
    spawn_probe(world, "client", {.connects = 9093, .requests = 2}, &client);
    world.run_until(at(1s));
    CHECK(server == Log{"start", "accepted 9093"});
    REQUIRE(faults.release("Heartbeat", "server"));
    world.run_until(at(2s));
    CHECK(server == Log{"start", "accepted 9093", "HeartbeatRequest 0", "HeartbeatRequest 1"});
    CHECK_FALSE(faults.release("Heartbeat", "server"));
}

TEST_CASE("what one fault holds stays held when another ends") {
    World world(options());
    Faults faults(world);
    Log server;
    spawn_probe(world, "server", {.listens = 9093}, &server);
    world.run_until(at(10ms));
    faults.hold("Heartbeat", "server", false);
    faults.cut({"a"}, {"b"}, false, true);
    Log client;
    spawn_probe(world, "client", {.connects = 9093, .requests = 2}, &client);
    world.run_until(at(1s));
    faults.heal({"a"}, {"b"});
    world.run_until(at(2s));
    CHECK(server == Log{"start", "accepted 9093"});
    REQUIRE(faults.release("Heartbeat", "server"));
    world.run_until(at(3s));
    CHECK(server == Log{"start", "accepted 9093", "HeartbeatRequest 0", "HeartbeatRequest 1"});
}

TEST_CASE("a fault that touched nothing is reported, unless it may be idle") {
    World world(options());
    Faults faults(world);
    faults.cut({"a"}, {"b"}, true, false);
    faults.slow({"a", "b"}, 10ms, true);
    world.run_until(at(1s));
    CHECK(faults.idle().empty());
    faults.finish();
    CHECK(faults.idle() == std::vector<std::string>{"held 0 messages from a to b"});
}

TEST_CASE("typed lines wait until the process reads, then come in order; end of input follows") {
    World world(options());
    Log log;
    ProcessOptions slow;
    slow.name = "reader";
    slow.start_up = 500ms;
    const ProcessId id = world.spawn(std::make_unique<Probe>(Probe::Plan{}, &log), slow);
    world.type(id, "one");
    world.type(id, "two");
    world.end_input(id);
    world.run_until(at(100ms));
    CHECK(log.empty());
    world.run_until(at(1s));
    CHECK(log == Log{"start", "line one", "line two", "end of input"});
    CHECK(world.process(id).stdout_text == "one\ntwo\n");
    CHECK(world.process(id).exit_code == 0);
}

TEST_CASE("Ctrl+C before the JVM has a handler ends it with 130") {
    World world(options());
    Log log;
    ProcessOptions slow;
    slow.name = "tool";
    slow.start_up = 500ms;
    const ProcessId id = world.spawn(std::make_unique<Probe>(Probe::Plan{}, &log), slow);
    world.signal(id, node::Signal::Interrupt);
    world.run_until(at(1s));
    CHECK(world.process(id).exit_code == 130);
    CHECK(log.empty());
}

TEST_CASE("same seed, same digest; another seed, another") {
    const auto run = [](uint64_t seed) {
        World world(options(seed));
        Log server;
        Log client;
        spawn_probe(world, "server", {.listens = 9093}, &server);
        world.run_until(at(10ms));
        spawn_probe(world, "client", {.connects = 9093, .requests = 5, .closes = true}, &client);
        world.run_until(at(1s));
        return world.digest();
    };
    CHECK(run(1) == run(1));
    CHECK(run(1) != run(2));
}

TEST_CASE("a trace tells who caused what") {
    WorldOptions traced = options();
    traced.trace = TraceLevel::Notes;
    World world(traced);
    Log server;
    Log client;
    spawn_probe(world, "server", {.listens = 9093}, &server);
    world.run_until(at(10ms));
    spawn_probe(world, "client", {.connects = 9093, .requests = 1}, &client);
    world.run_until(at(1s));
    const TraceEvent& answer = world.trace().events().back();
    REQUIRE(answer.name == "HeartbeatResponse");
    const TraceEvent* request = world.trace().find(answer.cause);
    REQUIRE(request != nullptr);
    CHECK(request->name == "HeartbeatRequest");
    CHECK(request->at < answer.at);
    const TraceEvent* connected = world.trace().find(request->cause);
    REQUIRE(connected != nullptr);
    CHECK(connected->name == "connected");
}
