// SPDX-License-Identifier: Apache-2.0
#include "tests/broker/broker_in_fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::test;

namespace {

size_t line_of(const FakeEnv& env, std::string_view text) {
    for (size_t i = 0; i < env.log_lines.size(); ++i) {
        if (env.log_lines[i].text.find(text) != std::string::npos) return i;
    }
    return SIZE_MAX;
}

}  // namespace

TEST_CASE("broker: a start goes through its steps in Kafka's order") {
    BrokerInFakeEnv test;
    test.start();
    CHECK(test.broker.started());
    const char* const lines[] = {
        "starting",
        "Connecting to zookeeper on localhost:2181",
        "[ZooKeeperClient Kafka server] Connected.",
        "Cluster ID = ",
        "No meta.properties file under dir /tmp/kafka-logs1/meta.properties",
        "Loading logs from log dirs",
        "Awaiting socket connections on 0.0.0.0:9093.",
        "Creating /brokers/ids/1 (is it secure? false)",
        "Stat of the created znode at /brokers/ids/1 is: ",
        "Registered broker 1 at path /brokers/ids/1 with addresses: PLAINTEXT://localhost:9093, czxid (broker epoch): ",
        "Started socket server acceptors and processors",
        "Kafka version: 3.0.0",
        "Kafka commitId: 8cb0a5e9d3441962",
        "[KafkaServer id=1] started"};
    size_t last = 0;
    for (const char* line : lines) {
        INFO(line);
        const size_t at = line_of(test.env, line);
        REQUIRE(at != SIZE_MAX);
        CHECK(at >= last);
        last = at;
    }
    const zookeeper::Znode* znode = test.tree.find("/brokers/ids/1");
    REQUIRE(znode != nullptr);
    CHECK(znode->ephemeral_owner == BrokerInFakeEnv::kSession);
    CHECK(znode->version == 1);
    CHECK(test.broker.state().broker_epoch == znode->czxid);
    CHECK(test.tree.find("/config/changes") != nullptr);
    CHECK(test.env.ports == std::vector<int32_t>{9093});
    CHECK(test.env.disk()
              .read_text("/tmp/kafka-logs1/meta.properties")
              ->find("cluster.id=" + test.broker.state().cluster_id) != std::string::npos);
}

TEST_CASE("broker: without ZooKeeper it gives up after zookeeper.connection.timeout.ms with exit code 1") {
    BrokerInFakeEnv test(config::Properties{{"zookeeper.connection.timeout.ms", "5000"}});
    test.broker.start(test.env);
    test.advance(4999ms);
    CHECK(test.env.exit_code == std::nullopt);
    test.advance(1ms);
    CHECK(test.env.exit_code == 1);
    CHECK(test.env.has_log(  // the id is not known yet
        "Fatal error during KafkaServer startup. Prepare to shutdown\n"
        "kafka.zookeeper.ZooKeeperClientTimeoutException: Timed out waiting for connection while in state: "
        "CONNECTING"));
}

TEST_CASE("broker: an id that another session holds keeps it from starting") {
    BrokerInFakeEnv test;
    for (const char* path : {"/brokers", "/brokers/ids"})
        test.tree.apply(zookeeper::zk_create(path, std::nullopt), 5, 1, 0);
    test.tree.apply(zookeeper::zk_create("/brokers/ids/1", "{}", zookeeper::kEphemeral), 5, 2, 0);
    test.start();
    test.advance(30s);  // what was there already is stopped again
    CHECK(test.env.exit_code == 1);
    CHECK(test.env.has_log("[KafkaServer id=1] Fatal error during KafkaServer startup. Prepare to shutdown"));
    CHECK(
        test.env.has_log("Error while creating ephemeral at /brokers/ids/1, node already exists and owner '5' does not "
                         "match current session '77'"));
    CHECK_FALSE(test.broker.started());
}

TEST_CASE("broker: log dirs of another cluster or another id are refused") {
    struct Case {
        std::string text;
        std::string complaint;
    };
    const Case cases[] = {
        {"broker.id=1\nversion=0\ncluster.id=other\n", "doesn't match stored clusterId Some(other) in meta.properties"},
        {"broker.id=9\nversion=0\ncluster.id=W_w3auHjRlCQkp7Cm-BcMg\n",
         "Configured broker.id 1 doesn't match stored broker.id"}};
    for (const Case& each : cases) {
        BrokerInFakeEnv test;
        test.tree.apply(zookeeper::zk_create("/cluster", std::nullopt), 5, 1, 0);
        test.tree.apply(zookeeper::zk_create("/cluster/id", "{\"version\":\"1\",\"id\":\"W_w3auHjRlCQkp7Cm-BcMg\"}"), 5,
                        2, 0);
        test.env.disk().make_directories("/tmp/kafka-logs1");
        test.env.disk().write_text("/tmp/kafka-logs1/meta.properties", each.text);
        test.start();
        test.advance(30s);
        CHECK(test.env.exit_code == 1);
        CHECK(test.env.has_log(each.complaint));
    }
}

TEST_CASE("broker: requests that come before it has started wait") {
    BrokerInFakeEnv test;
    test.broker.start(test.env);
    const node::ConnectionId connection = test.connect();
    test.request(connection, protocol::ApiVersionsRequest{}, 7);
    CHECK(test.env.count_sent<protocol::ApiVersionsResponse>() == 0);
    test.connect_to_zookeeper();
    test.settle();
    test.advance(2s);
    const auto answer = test.env.take_message<protocol::ApiVersionsResponse>();
    REQUIRE(answer);
    CHECK(answer->connection == connection);
    CHECK(answer->message.correlation_id == 7);
}

TEST_CASE("broker: what is not modelled is named and the connection closed") {
    BrokerInFakeEnv test;
    test.start();
    const node::ConnectionId connection = test.connect();
    test.request(connection, protocol::ZkGetDataRequest{}, 1);
    CHECK(test.env.closed.back() == connection);
    const node::Note* note = test.env.last_note(node::NoteKind::Unmodelled);
    REQUIRE(note != nullptr);
    CHECK(node::text_of(*node::find(*note, "what")) == "ZkGetDataRequest");
}
