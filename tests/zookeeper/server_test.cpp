// SPDX-License-Identifier: Apache-2.0
// The server alone, its clients played by the test. Spec 01 sections 2, 3, 8 and 9.
#include "core/zookeeper/server.hpp"

#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::zookeeper;
using node::ConnectionId;
using test::FakeEnv;

namespace {

struct Server {
    FakeEnv env;
    ZooKeeperServer server{ZooKeeperConfig{}};

    Server() { server.start(env); }

    void send(ConnectionId connection, int32_t xid, protocol::Body body) {
        server.on_message(env, connection, {}, {xid, SharedText(), std::move(body)});
    }
    protocol::ZkConnectResponse connect(ConnectionId connection, int64_t session = 0, std::string passwd = {},
                                        int32_t timeout_ms = 18000) {
        send(connection, 0, protocol::ZkConnectRequest{0, 0, timeout_ms, session, std::move(passwd), false});
        return env.take<protocol::ZkConnectResponse>().value_or(protocol::ZkConnectResponse{});
    }
    ConnectionId accept() {
        const ConnectionId connection = env.incoming();
        server.on_accepted(env, connection, 2181);
        return connection;
    }
    ConnectionId client() {
        const ConnectionId connection = accept();
        connect(connection);
        return connection;
    }
    void advance(Duration by) {
        env.advance(by, [&](node::TimerId timer, node::Tag tag) { server.on_timer(env, timer, tag); });
    }
    bool closed(ConnectionId connection) const {
        return std::find(env.closed.begin(), env.closed.end(), connection) != env.closed.end();
    }
};

}  // namespace

TEST_CASE("the start is told as the tutorial shows it") {
    Server s;
    CHECK(s.env.ports == std::vector<int32_t>{2181});
    REQUIRE(s.env.log_lines.size() > 2);
    CHECK(s.env.log_lines.back().text == "ZooKeeper audit is disabled.");
    CHECK(s.env.has_log("Using checkIntervalMs=60000 maxPerMinute=10000 maxNeverUsedIntervalMs=0"));
    CHECK(s.env.has_log("minSessionTimeout set to 6000"));
    CHECK_FALSE(s.env.has_log("Creating new log file"));
    s.client();
    CHECK(s.env.log_lines.back().text == "Creating new log file: log.1");
}

TEST_CASE("an event reaches a session before the reply of the write that caused it, also its own") {
    Server s;
    const ConnectionId watcher = s.client();
    const ConnectionId writer = s.client();
    s.send(watcher, 1, zk_get_children("/", true));
    s.send(writer, 1, zk_exists("/n", true));
    s.env.sent.clear();
    s.send(writer, 2, zk_create("/n", "x"));
    REQUIRE(s.env.sent.size() == 3);
    CHECK(s.env.sent[0].connection == writer);
    CHECK(s.env.sent[0].message.correlation_id == -1);
    CHECK(std::get<protocol::ZkWatchEvent>(s.env.sent[0].message.body).type == kNodeCreated);
    CHECK(s.env.sent[1].connection == watcher);
    CHECK(std::get<protocol::ZkWatchEvent>(s.env.sent[1].message.body).path == "/");
    CHECK(std::get<protocol::ZkCreateResponse>(s.env.sent[2].message.body).zxid == 3);
}

TEST_CASE("two creations before the client reads again make one event") {
    Server s;
    const ConnectionId watcher = s.client();
    s.send(watcher, 1, zk_get_children("/", true));
    s.send(watcher, 2, zk_create("/a", "x"));
    s.send(watcher, 3, zk_create("/b", "x"));
    CHECK(s.env.count_sent<protocol::ZkWatchEvent>() == 1);
    s.send(watcher, 4, zk_get_children("/", true));
    s.env.take<protocol::ZkGetChildrenResponse>();
    CHECK(s.env.take<protocol::ZkGetChildrenResponse>()->children == std::vector<std::string>{"a", "b", "zookeeper"});
}

TEST_CASE("getData of nothing sets no watch, exists does") {
    Server s;
    const ConnectionId client = s.client();
    s.send(client, 1, zk_get_data("/n", true));
    s.send(client, 2, zk_create("/n", "x"));
    CHECK(s.env.count_sent<protocol::ZkWatchEvent>() == 0);
}

TEST_CASE("a silent session expires in its bucket, its ephemerals go and watches fire") {
    Server s;
    const ConnectionId broker = s.client();
    const ConnectionId controller = s.client();
    s.send(broker, 1, zk_create("/e", "x", kEphemeral));
    s.send(controller, 1, zk_exists("/e", true));
    s.server.on_disconnected(s.env, broker, {}, node::CloseReason::Closed);
    CHECK(s.env.has_log("EndOfStreamException"));
    for (int i = 0; i < 20; ++i) {  // the other one pings
        s.advance(1s);
        s.send(controller, -2, protocol::ZkPingRequest{});
    }
    CHECK(s.server.tree().find("/e") != nullptr);
    s.advance(1s);
    CHECK(s.server.tree().find("/e") == nullptr);
    CHECK(s.env.has_log("Expiring session 0x100000000000000, timeout of 18000ms exceeded"));
    CHECK(s.env.count_sent<protocol::ZkWatchEvent>() == 1);
    CHECK(s.server.sessions().ids().size() == 1);
    CHECK(s.env.last_note(node::NoteKind::SessionExpired) != nullptr);
}

TEST_CASE("a session resumes on another connection with its password, and only then") {
    Server s;
    const ConnectionId first = s.accept();
    const auto session = s.connect(first);
    CHECK(session.time_out == 18000);
    s.send(first, 1, zk_create("/e", "x", kEphemeral));
    s.server.on_disconnected(s.env, first, {}, node::CloseReason::Closed);

    const ConnectionId second = s.accept();
    CHECK(s.connect(second, session.session_id, session.passwd).session_id == session.session_id);
    const ConnectionId thief = s.accept();
    CHECK(s.connect(thief, session.session_id, std::string(16, 'x')).time_out == 0);
    CHECK(s.closed(thief));
    const ConnectionId unknown = s.accept();
    CHECK(s.connect(unknown, 12345, std::string(16, 'x')).session_id == 0);
    CHECK(s.env.has_log("Invalid session 0x3039 for client /127.0.0.1, probably expired"));
}

TEST_CASE("a closed session's ephemerals go at once and the server closes the connection") {
    Server s;
    const ConnectionId client = s.client();
    s.send(client, 1, zk_create("/e", "x", kEphemeral));
    s.send(client, 2, protocol::ZkCloseSessionRequest{});
    CHECK(s.server.tree().find("/e") == nullptr);
    CHECK(s.env.take<protocol::ZkCloseSessionResponse>()->zxid == 3);
    CHECK(s.closed(client));
}

TEST_CASE("who has seen more than the server knows is sent away without a reply") {
    Server s;
    const ConnectionId client = s.accept();
    s.send(client, 0, protocol::ZkConnectRequest{0, 99, 18000, 0, {}, false});
    CHECK(s.env.sent.empty());
    CHECK(s.closed(client));
}

TEST_CASE("a restarted server has its tree and its sessions, with fresh timeouts") {
    Server s;
    const ConnectionId client = s.accept();
    const auto session = s.connect(client);
    s.send(client, 1, zk_create("/e", "x", kEphemeral));
    s.send(client, 2, zk_multi({op_create("/p", "y"), op_check("/none", 1)}));
    s.send(client, 3, zk_create("/p", "z"));
    s.advance(15s);

    ZooKeeperServer again{ZooKeeperConfig{}};
    again.start(s.env);
    CHECK(again.tree() == s.server.tree());
    REQUIRE(again.sessions().find(session.session_id) != nullptr);
    CHECK(again.sessions().find(session.session_id)->expires_ms == 36000);
    again.on_accepted(s.env, ConnectionId{1000}, 2181);
    again.on_message(s.env, ConnectionId{1000}, {},
                     {0, SharedText(), protocol::ZkConnectRequest{0, 4, 18000, 0, {}, false}});
    CHECK(s.env.take<protocol::ZkConnectResponse>()->session_id != session.session_id);
}

TEST_CASE("the first broker of a fresh cluster registers with zxid 25, as the real one did") {
    // Ground truth 01: "Initialized broker epochs cache: HashMap(1 -> 25)". Failed creates count: Kafka tries the
    // path, then makes its parents.
    Server s;
    const ConnectionId broker = s.client();
    int32_t xid = 0;
    auto create = [&](const std::string& path) {
        s.send(broker, ++xid, zk_create(path, std::nullopt));
        return s.env.take<protocol::ZkCreateResponse>()->err;
    };
    std::vector<std::string> paths = top_level_paths();
    paths.push_back(std::string(kClusterIdPath));
    for (const std::string& path : paths) {
        if (create(path) != kNoNode) continue;
        CHECK(create(parent_path(path)) == kOk);
        CHECK(create(path) == kOk);
    }
    s.send(broker, ++xid,
           zk_multi({op_create(broker_path(BrokerId{1}), std::nullopt, kEphemeral),
                     op_set_data(broker_path(BrokerId{1}), "{}", 0)}));
    const auto registered = s.env.take<protocol::ZkMultiResponse>();
    CHECK(registered->results[1].stat.czxid == 25);
    CHECK(registered->results[1].stat.version == 1);
}

TEST_CASE("Ctrl+C ends the process with 130, a termination with 143") {
    Server s;
    s.server.on_signal(s.env, node::Signal::Interrupt);
    CHECK(s.env.exit_code == 130);
    s.server.on_signal(s.env, node::Signal::Terminate);
    CHECK(s.env.exit_code == 143);
}
