// SPDX-License-Identifier: Apache-2.0
// ZooKeeper and three brokers in one world: they find each other by nothing but messages.
#include <memory>

#include "core/broker/broker.hpp"
#include "core/zookeeper/server.hpp"
#include "core/zookeeper/znodes.hpp"
#include "sim/world/world.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;

namespace {

/// A process that sends one request after the other, each on a new connection, and keeps the answers.
class Asker : public node::Node {
public:
    void start(node::Env&) override {}
    void on_accepted(node::Env&, node::ConnectionId, int32_t) override {}
    void on_connected(node::Env& env, node::ConnectionId connection, node::Tag) override {
        protocol::Message message;
        message.client_id = SharedText("asker");
        message.body = std::move(question);
        env.send(connection, std::move(message));
    }
    void on_disconnected(node::Env&, node::ConnectionId, node::Tag, node::CloseReason) override { refused = true; }
    void on_message(node::Env&, node::ConnectionId, node::Tag, protocol::Message&& message) override {
        answer = std::move(message.body);
    }
    void on_timer(node::Env&, node::TimerId, node::Tag) override {}
    void on_input(node::Env& env, std::string port) override { env.connect({"localhost", std::stoi(port)}, {}); }
    void on_input_end(node::Env&) override {}
    void on_signal(node::Env&, node::Signal) override {}

    protocol::Body question;
    std::optional<protocol::Body> answer;
    bool refused = false;
};

/// Reads its input from the start, so that the test's lines reach it.
class ReadyAsker : public Asker {
public:
    void start(node::Env& env) override { env.read_input(); }
};

struct Cluster {
    explicit Cluster(uint64_t seed = 1) : world(options(seed)) {
        auto server = std::make_unique<zookeeper::ZooKeeperServer>(zookeeper::ZooKeeperConfig{});
        zookeeper = server.get();
        world.spawn(std::move(server), process("zookeeper"));
        auto client = std::make_unique<ReadyAsker>();
        asker = client.get();
        asker_pid = world.spawn(std::move(client), process("asker"));
        run(1s);
        for (const int32_t id : {1, 2, 3}) {
            start_broker(id);
            run(3s);
        }
    }

    static sim::WorldOptions options(uint64_t seed) {
        sim::WorldOptions result;
        result.seed = seed;
        result.keep_logs = true;
        return result;
    }
    static sim::ProcessOptions process(std::string name) {
        sim::ProcessOptions result;
        result.name = std::move(name);
        result.log_style = sim::LogStyle::Server;
        return result;
    }

    void start_broker(int32_t id) {
        config::Properties properties{{"broker.id", std::to_string(id)},
                                      {"listeners", "PLAINTEXT://:" + std::to_string(9092 + id)},
                                      {"log.dirs", "/tmp/kafka-logs" + std::to_string(id)},
                                      {"zookeeper.connect", "localhost:2181"},
                                      {"offsets.topic.replication.factor", "1"},
                                      {"group.initial.rebalance.delay.ms", "0"}};
        auto config = config::BrokerConfig::from_properties(properties);
        REQUIRE(config.ok());
        auto node = std::make_unique<broker::Broker>(std::move(config).value());
        brokers[id] = node.get();
        pids[id] = world.spawn(std::move(node), process("broker-" + std::to_string(id)));
    }
    void run(Duration time) { world.run_until(world.now() + time); }
    std::string logs(int32_t id) const {
        std::string all;
        for (const auto& [file, text] : world.process(pids.at(id)).logs) all += text;
        return all;
    }
    std::vector<std::string> children(std::string_view path) const {
        const zookeeper::Znode* node = zookeeper->tree().find(path);
        return node == nullptr ? std::vector<std::string>{}
                               : std::vector<std::string>(node->children.begin(), node->children.end());
    }
    int active_controllers() const {
        int count = 0;
        for (const auto& [id, broker] : brokers)
            count += world.process(pids.at(id)).alive() && broker->state().controller.is_active();
        return count;
    }
    const broker::BrokerState& state(int32_t id) const { return brokers.at(id)->state(); }

    /// The answer of the broker at the port, as soon as it is there.
    template <typename Response>
    std::optional<Response> ask(int32_t broker, protocol::Body body, Duration patience = 10s) {
        asker->question = std::move(body);
        asker->answer.reset();
        asker->refused = false;
        world.type(asker_pid, std::to_string(9092 + broker));
        world.run_until(world.now() + patience, [&] { return asker->answer.has_value() || asker->refused; });
        if (!asker->answer) return std::nullopt;
        auto* response = std::get_if<Response>(&*asker->answer);
        REQUIRE(response != nullptr);
        return std::move(*response);
    }
    void create_topic(std::string_view name, std::vector<std::vector<BrokerId>> assignment) {
        protocol::CreateTopicsRequest request;
        auto& topic = request.topics.emplace_back();
        topic.name = TopicName(name);
        topic.num_partitions = -1;
        topic.replication_factor = -1;
        for (size_t i = 0; i < assignment.size(); ++i)
            topic.assignments.push_back({static_cast<int32_t>(i), assignment[i]});
        const auto response = ask<protocol::CreateTopicsResponse>(1, std::move(request));
        REQUIRE(response);
        REQUIRE(response->topics.front().error_code == ErrorCode::None);
    }
    ErrorCode produce(int32_t broker, std::string_view topic, int32_t partition, std::string value) {
        protocol::ProduceRequest request;
        request.acks = -1;
        request.timeout_ms = 30000;
        auto& data = request.topic_data.emplace_back();
        data.name = TopicName(topic);
        auto& one = data.partition_data.emplace_back();
        one.index = partition;
        protocol::RecordBatchBuilder builder;
        builder.append(world.clock().at(world.now()).value, std::nullopt, std::move(value));
        one.records = protocol::RecordBatches(builder.build());
        const auto response = ask<protocol::ProduceResponse>(broker, std::move(request), 40s);
        return response ? response->responses.front().partition_responses.front().error_code
                        : ErrorCode::NetworkException;
    }
    std::string state_znode(std::string_view topic, int32_t partition) const {
        const auto* node = zookeeper->tree().find(zookeeper::partition_state_path({TopicName(topic), partition}));
        return node == nullptr || !node->data ? "" : *node->data;
    }

    sim::World world;
    Asker* asker = nullptr;
    sim::ProcessId asker_pid = 0;
    const zookeeper::ZooKeeperServer* zookeeper = nullptr;
    std::map<int32_t, const broker::Broker*> brokers;
    std::map<int32_t, sim::ProcessId> pids;
};

}  // namespace

TEST_CASE("cluster: three brokers register, one is the controller, all know all") {
    Cluster cluster;
    CHECK(cluster.children("/brokers/ids") == std::vector<std::string>{"1", "2", "3"});
    CHECK(cluster.active_controllers() == 1);
    for (const int32_t id : {1, 2, 3}) {
        INFO(cluster.logs(id));
        CHECK(cluster.brokers.at(id)->started());
        CHECK(cluster.state(id).metadata.controller() == BrokerId{1});
        CHECK(cluster.state(id).metadata.alive_brokers().size() == 3);
        CHECK(cluster.state(id).broker_epoch > 0);
        CHECK(cluster.logs(id).find("[KafkaServer id=" + std::to_string(id) + "] started (kafka.server.KafkaServer)") !=
              std::string::npos);
    }
    CHECK(cluster.state(1).cluster_id == cluster.state(3).cluster_id);
}

TEST_CASE("cluster: a topic comes to be, takes records, and moves its leaders when a broker is told to stop") {
    Cluster cluster;
    cluster.create_topic("t", {broker_ids({3, 1, 2}), broker_ids({1, 2, 3}), broker_ids({2, 3, 1})});
    CHECK(cluster.state_znode("t", 0) ==
          R"({"controller_epoch":1,"leader":3,"version":1,"leader_epoch":0,"isr":[3,1,2]})");
    CHECK(cluster.produce(3, "t", 0, "first") == ErrorCode::None);
    CHECK(cluster.produce(1, "t", 1, "second") == ErrorCode::None);
    CHECK(cluster.produce(1, "t", 0, "misled") == ErrorCode::NotLeaderOrFollower);
    cluster.run(2s);
    for (const int32_t id : {1, 2, 3}) {
        const log::Log* log = cluster.state(id).replicas.logs().find({TopicName("t"), 0});
        REQUIRE(log != nullptr);
        CHECK(log->log_end_offset() == 1);
        CHECK(log->high_watermark() == 1);
    }

    const Instant signalled = cluster.world.now();
    cluster.world.signal(cluster.pids[1], node::Signal::Interrupt);
    cluster.run(500ms);
    CHECK(cluster.state_znode("t", 1) ==
          R"({"controller_epoch":1,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3]})");
    CHECK(cluster.state_znode("t", 0) ==
          R"({"controller_epoch":1,"leader":3,"version":1,"leader_epoch":1,"isr":[3,2]})");
    CHECK(cluster.state_znode("t", 2) ==
          R"({"controller_epoch":1,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3]})");
    CHECK(cluster.children("/brokers/ids").size() == 3);
    cluster.world.run_until(cluster.world.now() + 20s, [&] { return !cluster.world.process(cluster.pids[1]).alive(); });
    INFO(cluster.logs(1));
    CHECK_FALSE(cluster.world.process(cluster.pids[1]).alive());
    CHECK(cluster.world.process(cluster.pids[1]).exit_code == 130);
    CHECK(cluster.world.now() - signalled < 3s);
    CHECK(cluster.children("/brokers/ids") == std::vector<std::string>{"2", "3"});
    for (const char* line :
         {"Controlled shutdown succeeded (kafka.server.KafkaServer)", "Metrics reporters closed",
          "Broker and topic stats closed (kafka.server.BrokerTopicStats)", "App info kafka.server for 1 unregistered",
          "[KafkaServer id=1] shut down completed (kafka.server.KafkaServer)"}) {
        CHECK(cluster.logs(1).find(line) != std::string::npos);
    }
    CHECK(cluster.active_controllers() == 1);
    CHECK(cluster.state_znode("t", 1) ==
          R"({"controller_epoch":1,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3]})");
    CHECK(cluster.produce(2, "t", 1, "third") == ErrorCode::None);
    CHECK(cluster.produce(1, "t", 1, "nobody") == ErrorCode::NetworkException);

    SECTION("and back: it catches up and enters the Isr at its end, leaders stay") {
        cluster.start_broker(1);
        cluster.run(2s);  // the new controller looks at preferred leaders 5 s after its election
        INFO(cluster.logs(1));
        CHECK(cluster.state_znode("t", 1) ==
              R"({"controller_epoch":2,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3,1]})");
        CHECK(cluster.state(1).replicas.logs().find({TopicName("t"), 1})->log_end_offset() == 2);
        CHECK(cluster.logs(1).find(
                  "Skipping recovery for all logs in /tmp/kafka-logs1 since clean shutdown file was found") !=
              std::string::npos);
    }
}

TEST_CASE("cluster: after kill -9 nothing moves until the session ends") {
    Cluster cluster;
    cluster.create_topic("t", {broker_ids({3, 1, 2})});
    cluster.world.kill(cluster.pids[3]);
    cluster.run(10s);
    CHECK(cluster.state_znode("t", 0) ==
          R"({"controller_epoch":1,"leader":3,"version":1,"leader_epoch":0,"isr":[3,1,2]})");
    cluster.run(15s);
    CHECK(cluster.state_znode("t", 0) ==
          R"({"controller_epoch":1,"leader":1,"version":1,"leader_epoch":1,"isr":[1,2]})");
}

TEST_CASE("cluster: the offsets topic is made when somebody looks for a coordinator, by whom he asks") {
    Cluster cluster;
    protocol::FindCoordinatorRequest request;
    request.coordinator_keys = {"group2"};
    const auto first = cluster.ask<protocol::FindCoordinatorResponse>(3, request);
    REQUIRE(first);
    CHECK(first->coordinators.front().error_code == ErrorCode::CoordinatorNotAvailable);
    cluster.run(3s);
    INFO(cluster.logs(1) + cluster.logs(3));
    CHECK(cluster.children("/brokers/topics/__consumer_offsets/partitions").size() == 50);
    const auto second = cluster.ask<protocol::FindCoordinatorResponse>(3, request);
    REQUIRE(second);
    CHECK(second->coordinators.front().error_code == ErrorCode::None);
    const int32_t coordinator = second->coordinators.front().node_id.value;
    CHECK(cluster.state(coordinator).groups.owns(39));
    CHECK(cluster.state(coordinator).replicas.find(TopicPartition{TopicName(kOffsetsTopic), 39})->is_leader());
    CHECK(cluster.logs(3).find("Creating topic __consumer_offsets with configuration") != std::string::npos);
}

TEST_CASE("cluster: a restart from disk without a clean stop waits for the old session, or fails as the real one") {
    Cluster cluster;
    cluster.world.kill(cluster.pids[2]);
    cluster.run(1s);
    cluster.start_broker(2);
    cluster.run(5s);
    CHECK_FALSE(cluster.world.process(cluster.pids[2]).alive());
    CHECK(cluster.world.process(cluster.pids[2]).exit_code == 1);
    cluster.run(20s);
    cluster.start_broker(2);
    cluster.run(5s);
    CHECK(cluster.brokers[2]->started());
}

TEST_CASE(
    "cluster: a controller that was frozen until its session ended comes back with a new epoch as one among others") {
    Cluster cluster;
    cluster.create_topic("t", {broker_ids({1, 2, 3})});
    const int64_t old_epoch = cluster.state(1).broker_epoch;
    cluster.world.pause(cluster.pids[1]);
    cluster.run(40s);
    CHECK(cluster.children("/brokers/ids") == std::vector<std::string>{"2", "3"});
    CHECK(cluster.state(1).controller.is_active());  // as it believes
    CHECK(cluster.active_controllers() == 2);
    cluster.world.resume(cluster.pids[1]);
    cluster.run(10s);
    INFO(cluster.logs(1));
    CHECK(cluster.children("/brokers/ids") == std::vector<std::string>{"1", "2", "3"});
    CHECK(cluster.active_controllers() == 1);
    CHECK_FALSE(cluster.state(1).controller.is_active());
    CHECK(cluster.state(1).broker_epoch > old_epoch);
    CHECK(cluster.state(1).metadata.controller() != BrokerId{1});
    CHECK(cluster.state_znode("t", 0).find("\"isr\":[2,3,1]") != std::string::npos);
}

TEST_CASE("cluster: a broker whose controller is silent stops all the same") {
    Cluster cluster;
    cluster.world.pause(cluster.pids[1]);
    cluster.world.signal(cluster.pids[2], node::Signal::Terminate);
    cluster.world.run_until(cluster.world.now() + 200s,
                            [&] { return !cluster.world.process(cluster.pids[2]).alive(); });
    INFO(cluster.logs(2));
    CHECK(cluster.world.process(cluster.pids[2]).exit_code == 143);
    CHECK(cluster.logs(2).find("Error during controlled shutdown, possibly because leader movement took longer than") !=
          std::string::npos);
}
