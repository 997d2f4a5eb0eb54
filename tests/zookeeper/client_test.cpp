// SPDX-License-Identifier: Apache-2.0
// The client alone, and with the server over a wire that the test can cut.
#include "core/zookeeper/client.hpp"

#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/server.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::zookeeper;
using test::FakeEnv;
using State = ZkStateChanged::State;

namespace {

/// One client and one server, each in a world of its own with the same time; `settle` carries what they have sent
/// until all is still.
struct Wire {
    FakeEnv client_env;
    FakeEnv server_env;
    ZooKeeperServer server{ZooKeeperConfig{}};
    ZkClient client{{"localhost", 2181}, 18s, 1};
    std::vector<ZkClientEvent> events;
    size_t connections_made = 0;
    node::ConnectionId here = node::ConnectionId::None;   // the client's end
    node::ConnectionId there = node::ConnectionId::None;  // the server's end
    bool server_up = true;

    Wire() {
        server.start(server_env);
        client.start(client_env);
        settle();
    }

    void settle() {
        while (make_connections() || deliver()) {
        }
    }
    bool make_connections() {
        if (connections_made == client_env.connections.size()) return false;
        here = client_env.connections[connections_made++].id;
        if (!server_up) {
            client.on_disconnected(client_env, node::CloseReason::Refused, events);
            return true;
        }
        there = server_env.incoming();
        server.on_accepted(server_env, there, 2181);
        client.on_connected(client_env, events);
        return true;
    }
    bool deliver() {
        std::vector<FakeEnv::Sent> to_server = std::exchange(client_env.sent, {});
        for (auto& each : to_server) {
            if (each.connection == here) server.on_message(server_env, there, {}, std::move(each.message));
        }
        std::vector<FakeEnv::Sent> to_client = std::exchange(server_env.sent, {});
        for (auto& each : to_client) {
            if (each.connection == there) client.on_message(client_env, std::move(each.message), events);
        }
        return !to_server.empty() || !to_client.empty();
    }
    void cut() {
        server.on_disconnected(server_env, there, {}, node::CloseReason::Closed);
        there = node::ConnectionId::None;
        client_env.sent.clear();
        client.on_disconnected(client_env, node::CloseReason::Closed, events);
        settle();
    }
    void advance(Duration by) {
        for (Duration passed{}; passed < by; passed += 10ms) {
            client_env.advance(10ms, [&](node::TimerId, node::Tag tag) { client.on_timer(client_env, tag, events); });
            server_env.advance(10ms,
                               [&](node::TimerId timer, node::Tag tag) { server.on_timer(server_env, timer, tag); });
            settle();
        }
    }
    size_t count(State state) const {
        return static_cast<size_t>(std::count_if(events.begin(), events.end(), [&](const ZkClientEvent& event) {
            const auto* changed = std::get_if<ZkStateChanged>(&event);
            return changed != nullptr && changed->state == state;
        }));
    }
    template <typename T>
    std::vector<T> all() const {
        std::vector<T> found;
        for (const ZkClientEvent& event : events) {
            if (const auto* each = std::get_if<T>(&event)) found.push_back(*each);
        }
        return found;
    }
};

}  // namespace

TEST_CASE("a client connects and has a session") {
    Wire wire;
    REQUIRE(wire.client.connected());
    CHECK(wire.client.session_timeout() == 18s);
    CHECK(wire.count(State::Connected) == 1);
    CHECK(wire.all<ZkStateChanged>()[0].new_session);
    CHECK(
        wire.client_env.has_log("Session establishment complete on server localhost/127.0.0.1:2181, session id = "
                                "0x100000000000000, negotiated timeout = 18000"));
    CHECK(wire.client_env.timers.size() == 1);
}

TEST_CASE("a batch is answered as a whole, in order, also with more than ten requests") {
    Wire wire;
    std::vector<protocol::Body> requests;
    for (int i = 0; i < 25; ++i) requests.push_back(zk_create("/s-", "x", kPersistentSequential));
    wire.client.submit(wire.client_env, 42, requests);
    CHECK(wire.client_env.sent.size() == 10);
    wire.client.submit(wire.client_env, 43, {zk_exists("/none", false)});
    wire.settle();
    const auto replies = wire.all<ZkReplies>();
    REQUIRE(replies.size() == 2);
    CHECK(replies[0].token == 42);
    REQUIRE(replies[0].replies.size() == 25);
    CHECK(std::get<protocol::ZkCreateResponse>(replies[0].replies[24]).path == "/s-0000000024");
    CHECK(replies[1].token == 43);
    CHECK(error_of(replies[1].replies[0]) == kNoNode);
    CHECK(wire.client.unanswered() == 0);
}

TEST_CASE("an idle client pings every third of the timeout and keeps its session") {
    Wire wire;
    wire.client_env.advance(
        6s - 10ms, [&](node::TimerId, node::Tag tag) { wire.client.on_timer(wire.client_env, tag, wire.events); });
    CHECK(wire.client_env.count_sent<protocol::ZkPingRequest>() == 0);
    wire.client_env.advance(
        10ms, [&](node::TimerId, node::Tag tag) { wire.client.on_timer(wire.client_env, tag, wire.events); });
    CHECK(wire.client_env.count_sent<protocol::ZkPingRequest>() == 1);
    wire.server_env.time = wire.client_env.time;
    wire.advance(100s);
    CHECK(wire.server.sessions().ids().size() == 1);
    CHECK(wire.count(State::Disconnected) == 0);
}

TEST_CASE("after a cut the session goes on, watches are set again and what was missed comes as events") {
    Wire wire;
    wire.client.submit(wire.client_env, 1,
                       {zk_get_children("/", true), zk_exists("/later", true), zk_exists("/never", true)});
    wire.settle();
    const int64_t session = wire.client.session_id();
    wire.server_up = false;
    wire.cut();
    CHECK(wire.count(State::Disconnected) == 1);
    wire.server_up = true;
    // Somebody else writes meanwhile.
    const auto other = wire.server_env.incoming();
    wire.server.on_accepted(wire.server_env, other, 2181);
    wire.server.on_message(wire.server_env, other, {},
                           {0, SharedText(), protocol::ZkConnectRequest{0, 0, 18000, 0, {}, false}});
    wire.server.on_message(wire.server_env, other, {}, {1, SharedText(), zk_create("/later", "x")});
    wire.server_env.sent.clear();
    wire.advance(1s);
    REQUIRE(wire.client.connected());
    CHECK(wire.client.session_id() == session);
    CHECK_FALSE(wire.all<ZkStateChanged>().back().new_session);
    const auto fired = wire.all<ZkWatchFired>();
    REQUIRE(fired.size() == 2);
    CHECK(fired[0].path == "/later");
    CHECK(fired[1].type == kNodeChildrenChanged);
    wire.client.submit(wire.client_env, 2, {zk_create("/never", "x")});
    wire.settle();
    CHECK(wire.all<ZkWatchFired>().size() == 3);
    CHECK(std::holds_alternative<ZkReplies>(wire.events.back()));  // the event came before the reply
}

TEST_CASE("requests that were not answered are sent again before those that wait") {
    Wire wire;
    wire.client.submit(wire.client_env, 1, {zk_create("/a", "x")});
    wire.cut();  // the request is lost on the way
    wire.client.submit(wire.client_env, 2, {zk_exists("/a", false)});
    wire.advance(1s);
    const auto replies = wire.all<ZkReplies>();
    REQUIRE(replies.size() == 2);
    CHECK(replies[0].token == 1);
    CHECK(error_of(replies[1].replies[0]) == kOk);
}

TEST_CASE("a client that sleeps too long learns of the expiry when it comes back, then builds a new session") {
    Wire wire;
    const int64_t session = wire.client.session_id();
    wire.client.submit(wire.client_env, 1, {zk_exists("/a", true)});
    wire.settle();
    wire.server_env.advance(
        30s, [&](node::TimerId timer, node::Tag tag) { wire.server.on_timer(wire.server_env, timer, tag); });
    wire.client_env.time += 30s;
    wire.client.submit(wire.client_env, 2, {zk_exists("/b", false)});
    wire.client_env.sent.clear();
    wire.client.on_disconnected(wire.client_env, node::CloseReason::Closed, wire.events);
    wire.advance(1s);
    CHECK(wire.count(State::Expired) == 1);
    CHECK(wire.client_env.has_log("Unable to reconnect to ZooKeeper service, session 0x100000000000000 has expired"));
    const auto replies = wire.all<ZkReplies>();
    CHECK(error_of(replies.back().replies[0]) == kSessionExpired);
    CHECK(wire.client_env.armed_timers() == 0);
    wire.client.submit(wire.client_env, 3, {zk_exists("/c", false)});
    wire.client.restart(wire.client_env);
    wire.settle();
    CHECK(wire.client.session_id() != session);
    CHECK(wire.all<ZkStateChanged>().back().new_session);
    CHECK(wire.all<ZkReplies>().back().token == 3);
}

TEST_CASE("silence for two thirds of the timeout makes it give the connection up") {
    Wire wire;
    auto fire = [&](node::TimerId, node::Tag tag) { wire.client.on_timer(wire.client_env, tag, wire.events); };
    wire.client_env.advance(12s - 1ms, fire);
    CHECK(wire.client.connected());
    wire.client_env.advance(1ms, fire);
    CHECK_FALSE(wire.client.connected());
    CHECK(wire.client_env.has_log(
        "Client session timed out, have not heard from server in 12000ms for session id 0x100000000000000"));
    CHECK(wire.client_env.closed.size() == 1);
}

TEST_CASE("a refused client tries again after less than a second each time") {
    FakeEnv env;
    ZkClient client({"localhost", 2181}, 18s, 1);
    std::vector<ZkClientEvent> events;
    client.start(env);
    for (size_t attempt = 1; attempt <= 5; ++attempt) {
        REQUIRE(env.connections.size() == attempt);
        client.on_disconnected(env, node::CloseReason::Refused, events);
        CHECK(env.connections.size() == attempt);
        env.advance(999ms, [&](node::TimerId, node::Tag tag) { client.on_timer(env, tag, events); });
    }
    CHECK(events.empty());
}

TEST_CASE("closing ends the session at the server") {
    Wire wire;
    wire.client.submit(wire.client_env, 1, {zk_create("/e", "x", kEphemeral)});
    wire.client.close(wire.client_env);
    wire.settle();
    CHECK(wire.all<ZkReplies>().size() == 1);
    CHECK(wire.count(State::Closed) == 1);
    CHECK(wire.client.closed());
    CHECK(wire.server.sessions().ids().empty());
    CHECK(wire.server.tree().find("/e") == nullptr);
    CHECK(wire.client_env.armed_timers() == 0);
}

TEST_CASE("closing without a connection is immediate") {
    FakeEnv env;
    ZkClient client({"localhost", 2181}, 18s, 1);
    client.start(env);
    client.close(env);
    CHECK(client.closed());
    CHECK(env.closed.size() == 1);
    CHECK(env.armed_timers() == 0);
}
